//! What a call says behind the `?`. A parameter that is not known is refused: a misspelt condition must not be ignored.

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::Failed;

/// The parameters of a query; each is taken out by its name.
pub(in crate::admin) struct Query {
    given: Vec<(String, String)>,
    asked: Vec<&'static str>,
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        let text = parts.uri.query().unwrap_or_default();
        super::path::check_escapes(text, "the query")?;
        super::body::check_text(text.as_bytes(), "the query")?;
        let given = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        Ok(Self { given, asked: Vec::new() })
    }
}

impl Query {
    /// A parameter's text.
    pub(in crate::admin) fn text(&mut self, name: &'static str) -> Result<Option<String>, Failed> {
        self.asked.push(name);
        let mut found = self.given.extract_if(.., |(given, _)| given == name);
        let value = found.next().map(|(_, value)| value);
        match found.next() {
            Some(_) => Err(Failed::bad_request(format!("the parameter `{name}` is there twice"))),
            None => Ok(value),
        }
    }

    /// A parameter that is `true` or `false`, which it is where it is missing.
    pub(in crate::admin) fn flag(&mut self, name: &'static str) -> Result<bool, Failed> {
        match self.text(name)?.as_deref() {
            Some("true") => Ok(true),
            None | Some("false") => Ok(false),
            Some(other) => {
                Err(Failed::bad_request(format!("`{name}` is `true` or `false`, not `{other}`")))
            }
        }
    }

    /// Refuses what was not taken out.
    pub(in crate::admin) fn end(self) -> Result<(), Failed> {
        let Some((name, _)) = self.given.first() else { return Ok(()) };
        let known: Vec<String> = self.asked.iter().map(|name| format!("`{name}`")).collect();
        let known = match known.is_empty() {
            true => "there are none here".to_owned(),
            false => format!("there are {}", known.join(", ")),
        };
        Err(Failed::bad_request(format!("there is no parameter `{name}`; {known}")))
    }
}
