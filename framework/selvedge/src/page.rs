//! Error pages: what a client is told of a refusal, wherever the service runs.
//!
//! In production the refusal's own text and the request's id, no more; for a developer also the operator's text with every
//! cause.

use http::{HeaderValue, header};

use crate::{Body, Error, Refusal, Response};

/// Who reads the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Whoever sent the request.
    Client,
    /// Somebody who develops the service, and may see why.
    Developer,
}

/// Makes a response the page of an error, about the request of this id. Its status and its other headers stay.
pub fn write(response: &mut Response, error: &Error, request_id: &str, reader: Reader) {
    let text = text(error, request_id, reader);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(text.len()));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    *response.body_mut() = Body::from(text);
}

fn text(error: &Error, request_id: &str, reader: Reader) -> String {
    let mut text = match error.refusal() {
        Refusal::UnknownDomain => {
            let host = error.detail().split(';').next().unwrap_or_default();
            format!("unknown domain: no service here answers for {host}\n")
        }
        refusal => format!("{}\n", refusal.client_text()),
    };
    text.push_str(&format!("request id: {request_id}\n"));
    if reader == Reader::Developer {
        text.push_str(&format!("\n{}: {}\n", error.fault().as_str(), error.chain()));
    }
    text
}
