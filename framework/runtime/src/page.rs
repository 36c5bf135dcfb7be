//! Error pages of a node: `selvedge::page`, and what only a node can do about the connection.

use std::sync::Arc;

use selvedge::{
    Error, Refusal, Response,
    error::Failure,
    page::{self, Reader},
};

use crate::ids::RequestId;

/// Marks a response after which the client's connection is closed.
#[derive(Clone, Copy, Debug)]
pub struct CloseAfter;

/// Turns a response that carries a failure into its error page; leaves others alone.
pub fn finish(mut response: Response, id: RequestId, dev: bool) -> (Response, Option<Arc<Error>>) {
    let Some(Failure(error)) = response.extensions_mut().remove::<Failure>() else {
        return (response, None);
    };
    let reader = if dev { Reader::Developer } else { Reader::Client };
    page::write(&mut response, &error, &id.to_string(), reader);
    if error.refusal() == Refusal::LoopDetected {
        mark_loop(&mut response);
    }
    (response, Some(error))
}

/// The reason phrase and the closed connection that Fastly's loop answer has.
fn mark_loop(response: &mut Response) {
    let phrase = hyper::ext::ReasonPhrase::from_static(b"Loop detected");
    response.extensions_mut().insert(phrase);
    response.extensions_mut().insert(CloseAfter);
}
