//! The response to the client: small ones whole, others as their body comes; and the error page, also of a panic.
//!
//! A panic ends the program (there is no unwinding here), but the platform's own page for it would say nothing. So the page
//! is sent by the panic's hook, if nothing was sent before.

use std::{
    cell::Cell,
    io::Write,
    panic::{self, PanicHookInfo},
};

use ::fastly::http::{FramingHeadersMode, body::StreamingBody};
use axum::response::IntoResponse;
use http::{HeaderValue, header, response::Parts};
use http_body::Body as _;
use http_body_util::BodyExt as _;

use super::{arrive, compute::Compute, log, send::WHOLE, turns};
use crate::{
    Body, Error, Host, Place, Refusal, Response,
    error::Failure,
    http::BodyExt,
    page::{self, Reader},
};

thread_local! {
    /// Whether the client has been sent a response, or its beginning.
    static SENT: Cell<bool> = const { Cell::new(false) };
}

/// Sends the response.
pub(super) fn deliver(compute: &Compute, response: Response) {
    let response = finish(compute.place(), response);
    let sending = async {
        let (head, body) = response.into_parts();
        match body.size_hint().upper() {
            Some(0..=WHOLE) => match BodyExt::bytes(body, usize::MAX).await {
                Ok(bytes) => whole(head, &bytes),
                Err(error) => whole_page(compute.place(), error),
            },
            _ => streamed(compute.place(), head, body).await,
        }
    };
    if turns::block_on(sending).is_err() {
        log::line(&told(compute.place(), "the response's body waits for what cannot come"));
    }
}

/// Makes the error page of a response that carries a failure, and tells the operator.
fn finish(place: &Place, mut response: Response) -> Response {
    let Some(Failure(error)) = response.extensions_mut().remove::<Failure>() else {
        return response;
    };
    log::line(&told(place, &format!("{}: {}", error.fault().as_str(), error.chain())));
    let reader = if arrive::is_local() { Reader::Developer } else { Reader::Client };
    page::write(&mut response, &error, &place.request_id, reader);
    response
}

fn told(place: &Place, what: &str) -> String {
    format!("request {} to `{}`: {what}", place.request_id, place.service)
}

fn whole_page(place: &Place, error: Error) {
    let (head, body) = finish(place, error.into_response()).into_parts();
    if let Ok(Ok(bytes)) = turns::block_on(BodyExt::bytes(body, usize::MAX)) {
        whole(head, &bytes);
    }
}

fn whole(head: Parts, body: &[u8]) {
    SENT.set(true);
    let body = ::fastly::Body::from(body);
    ::fastly::Response::from(http::Response::from_parts(head, body)).send_to_client();
}

/// Sends the body as it comes. One that breaks off is broken off for the client, too.
async fn streamed(place: &Place, mut head: Parts, mut body: Body) {
    let framing = match body.size_hint().exact() {
        Some(length) => {
            head.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
            FramingHeadersMode::ManuallyFromHeaders
        }
        None => FramingHeadersMode::Automatic,
    };
    let response = http::Response::from_parts(head, ::fastly::Body::new());
    SENT.set(true);
    let response = ::fastly::Response::from(response).with_framing_headers_mode(framing);
    let mut client = response.stream_to_client();
    while let Some(frame) = body.frame().await {
        let written =
            frame.map_err(std::io::Error::other).and_then(|frame| match frame.into_data() {
                Ok(bytes) => client.write_all(&bytes).and_then(|()| client.flush()),
                Err(_) => Ok(()),
            });
        if let Err(cause) = written {
            return break_off(place, client, &cause);
        }
    }
    if let Err(cause) = client.finish() {
        log::line(&told(place, &format!("the client did not take the whole response: {cause}")));
    }
}

fn break_off(place: &Place, client: StreamingBody, cause: &std::io::Error) {
    log::line(&told(place, &format!("the response's body broke off: {cause}")));
    let _ = client.abandon();
}

/// From now on a panic is the error page of this request.
pub(super) fn expect_panics(place: &Place) {
    let place = place.clone();
    panic::set_hook(Box::new(move |panic| {
        let error = panicked(panic);
        match SENT.replace(true) {
            false => whole_page(&place, error),
            true => log::line(&told(&place, &error.chain())),
        }
    }));
}

fn panicked(panic: &PanicHookInfo<'_>) -> Error {
    let text = panic.payload_as_str().unwrap_or("the panic carried no text");
    let at = panic.location().map(|at| format!(" ({at})")).unwrap_or_default();
    Error::new(Refusal::HandlerPanicked, format!("{text}{at}"))
}
