//! The origin: answers as the script says, and keeps what it was asked.

use std::cell::{Cell, RefCell};

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Method, StatusCode};

use super::script::{Exchange, Fault, Scripted};

pub(crate) struct Origin<'a> {
    exchange: &'a Exchange,
    now_ms: Cell<u64>,
    sent: RefCell<Vec<Sent>>,
}

/// A request that arrived at the origin.
pub(crate) struct Sent {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
}

/// An answer as far as it came.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether the body broke off.
    pub(crate) is_broken: bool,
}

impl<'a> Origin<'a> {
    pub(crate) fn new(exchange: &'a Exchange) -> Self {
        Self { exchange, now_ms: Cell::new(exchange.at_ms), sent: RefCell::default() }
    }

    /// The time, which goes on while the origin thinks.
    pub(crate) fn now_ms(&self) -> u64 {
        self.now_ms.get()
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> usize {
        self.sent.borrow().len()
    }

    pub(crate) fn into_sent(self) -> Vec<Sent> {
        self.sent.into_inner()
    }

    /// Sends a request; `None` when there is no answer. Where the script has none, a plain `hello` is answered.
    pub(crate) fn ask(&self, method: &Method, headers: HeaderMap) -> Option<Reply> {
        let turn = self.asked();
        self.sent.borrow_mut().push(Sent { method: method.clone(), headers });
        let unscripted = Scripted::default();
        let scripted = self.exchange.answers.get(turn).unwrap_or(&unscripted);
        self.now_ms.set(self.now_ms() + scripted.delay_ms);
        (scripted.fault != Fault::Refused).then(|| reply(method, scripted))
    }
}

/// What is read is never more than `Content-Length` says, and less is a body that broke off.
fn reply(method: &Method, scripted: &Scripted) -> Reply {
    let no_content = [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&scripted.status);
    let is_empty = no_content || *method == Method::HEAD;
    let whole = if is_empty { "" } else { scripted.body.as_str() };
    let declared = declared_length(&scripted.headers).filter(|_| !is_empty);
    let wanted =
        declared.map_or(whole.len(), |length| usize::try_from(length).unwrap_or(usize::MAX));
    let broken_after = match scripted.fault {
        Fault::BrokenAfter(length) => length,
        Fault::None | Fault::Refused => usize::MAX,
    };
    let length = whole.len().min(wanted).min(broken_after);
    Reply {
        status: scripted.status,
        headers: scripted.headers.clone(),
        body: Bytes::copy_from_slice(&whole.as_bytes()[..length]),
        is_broken: length < wanted,
    }
}

pub(crate) fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
