//! What every answer of the API has: a shape for its errors, and the headers of platform.md section 1.3.
//!
//! KV stores, secret stores and ACLs answer errors as `application/problem+json` (RFC 7807), everything else as
//! `{"msg": "...", "detail": "..."}`.

use axum::{
    Json,
    body::Body,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use serde::Serialize;

use super::failed::{Failed, Kind};

/// The paths below which errors have the newer shape.
const NEWER: [&str; 3] = ["/resources/stores/kv", "/resources/stores/secret", "/resources/acls"];

#[derive(Clone, Copy)]
enum Shape {
    Legacy,
    Problem,
}

#[derive(Serialize)]
struct Legacy<'a> {
    msg: &'static str,
    detail: &'a str,
}

#[derive(Serialize)]
struct Problem<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    errors: [(); 0],
}

/// Gives an answer's error its shape, and every answer its headers.
pub(in crate::admin) async fn finish(request: Request, next: Next) -> Response {
    let shape = Shape::of(request.uri().path());
    let mut response = next.run(request).await;
    if let Some(failed) = response.extensions_mut().remove::<Failed>() {
        let (kind, body) = shape.show(&failed);
        *response.body_mut() = body;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let json = HeaderValue::from_static("application/json");
    headers.entry(header::CONTENT_TYPE).or_insert(json);
    response
}

impl Shape {
    fn of(path: &str) -> Self {
        let is_below = |root: &&str| {
            let rest = path.strip_prefix(*root);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        match NEWER.iter().any(is_below) {
            true => Self::Problem,
            false => Self::Legacy,
        }
    }

    fn show(self, failed: &Failed) -> (&'static str, Body) {
        let Failed { kind, detail } = failed;
        match (kind, self) {
            // The one failure that the platform answers with nothing (platform.md section 2.3).
            (Kind::PreconditionFailed, _) => ("application/json", Body::empty()),
            (_, Self::Legacy) => ("application/json", body(Legacy { msg: kind.words(), detail })),
            (_, Self::Problem) => {
                let status = kind.status();
                let title = status.canonical_reason().unwrap_or_default();
                let (r#type, status) = ("about:blank", status.as_u16());
                let problem = Problem { r#type, title, status, detail, errors: [] };
                ("application/problem+json", body(problem))
            }
        }
    }
}

fn body(shown: impl Serialize) -> Body {
    Json(shown).into_response().into_body()
}
