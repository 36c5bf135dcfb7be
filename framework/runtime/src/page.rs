//! Error pages: what a client is told of a refusal.
//!
//! In production the refusal's own text and the request's id, no more; in dev also the operator's
//! text with every cause.

use std::sync::Arc;

use http::{HeaderValue, header};
use selvedge::{Body, Error, Refusal, Response, error::Failure};

use crate::ids::RequestId;

/// Marks a response after which the client's connection is closed.
#[derive(Clone, Copy, Debug)]
pub struct CloseAfter;

/// Turns a response that carries a failure into its error page; leaves others alone.
pub fn finish(mut response: Response, id: RequestId, dev: bool) -> (Response, Option<Arc<Error>>) {
    let Some(Failure(error)) = response.extensions_mut().remove::<Failure>() else {
        return (response, None);
    };
    let text = text(&error, id, dev);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(text.len()));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    *response.body_mut() = Body::from(text);
    if error.refusal() == Refusal::LoopDetected {
        mark_loop(&mut response);
    }
    (response, Some(error))
}

fn text(error: &Error, id: RequestId, dev: bool) -> String {
    let mut text = format!("{}\nrequest id: {id}\n", error.refusal().client_text());
    if error.refusal() == Refusal::UnknownDomain {
        let host = error.detail().split(';').next().unwrap_or_default();
        text = format!("unknown domain: no service here answers for {host}\nrequest id: {id}\n");
    }
    if dev {
        text.push_str(&format!("\n{}: {}\n", error.fault().as_str(), error.chain()));
    }
    text
}

/// The reason phrase and the closed connection that Fastly's loop answer has.
fn mark_loop(response: &mut Response) {
    let phrase = hyper::ext::ReasonPhrase::from_static(b"Loop detected");
    response.extensions_mut().insert(phrase);
    response.extensions_mut().insert(CloseAfter);
}
