//! What a rule answers itself: a refusal, another place, a text of its own.

use axum::response::IntoResponse;
use http::{HeaderValue, Method, StatusCode, header, uri::PathAndQuery};
use selvedge::{Body, Error, Refusal, Response, Result};
use selvedge_model::manifest::{End, Redirect, Synthetic};

/// Method and target of a request, as it came in.
type Asked<'a> = (&'a Method, Option<&'a PathAndQuery>);

/// The answer of a rule.
///
/// # Errors
/// [`Refusal::Denied`], with the status that the rule says.
pub(super) fn answer(end: &End, rule: &str, asked: Asked<'_>) -> Result<Response> {
    match end {
        End::Deny { status } => Err(denied(*status, rule)),
        End::Redirect(redirect) => redirected(redirect, asked.1),
        End::Synthetic(said) => Ok(synthetic(said, asked.0)),
    }
}

/// The same, where the answer stands in the place of another one.
pub(super) fn answer_anyway(end: &End, rule: &str, asked: Asked<'_>) -> Response {
    answer(end, rule, asked).unwrap_or_else(IntoResponse::into_response)
}

fn denied(status: u16, rule: &str) -> Error {
    let error = Error::new(Refusal::Denied, format!("the rule `{rule}`"));
    match StatusCode::from_u16(status) {
        Ok(status) => error.with_status(status),
        Err(_) => error,
    }
}

fn redirected(redirect: &Redirect, target: Option<&PathAndQuery>) -> Result<Response> {
    let place = match target.filter(|_| redirect.append_path) {
        Some(target) => appended(&redirect.to, target),
        None => redirect.to.clone(),
    };
    let location = HeaderValue::from_str(&place).map_err(|error| {
        Error::new(Refusal::TargetInvalid, "it cannot stand in a `Location`").because(error)
    })?;
    let mut response = Response::default();
    *response.status_mut() = status(redirect.status);
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// The place with the request's path and query behind its own.
fn appended(to: &str, target: &PathAndQuery) -> String {
    let (to, fragment) = cut(to, '#');
    let (base, own) = cut(to, '?');
    // Two slashes at the beginning would name a host, and browsers take a backslash for a slash.
    let path = target.path().trim_start_matches(['/', '\\']);
    let mut place = format!("{}/{path}", base.trim_end_matches('/'));
    for (number, query) in own.into_iter().chain(target.query()).enumerate() {
        place.push(if number == 0 { '?' } else { '&' });
        place.push_str(query);
    }
    if let Some(fragment) = fragment {
        place.push('#');
        place.push_str(fragment);
    }
    place
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn synthetic(said: &Synthetic, method: &Method) -> Response {
    let body = if *method == Method::HEAD { "" } else { said.body.as_str() };
    let mut response = Response::new(Body::from(body.to_owned()));
    *response.status_mut() = status(said.status);
    let headers = response.headers_mut();
    // RFC 9110 section 8.6: what never has content has no length of it.
    if !matches!(said.status, 204 | 304) {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(said.body.len()));
    }
    headers.extend(
        HeaderValue::from_str(&said.content_type).ok().map(|value| (header::CONTENT_TYPE, value)),
    );
    response
}

/// The manifest has checked that it is one.
fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests;
