//! What was asked, kept for the decisions that are taken when the response has come.

use std::borrow::Cow;

use http::{HeaderMap, Method, Uri, Version, header};
use selvedge::{Body, Host as _, Request};
use selvedge_cache::{key::Key, shelf::Order, storable::RequestView, validate::strip_for_storing};

use super::plan::Use;
use crate::{headers::Vouched, hop::Hop, world::Destination};

/// A request as the cache sees it.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) version: Version,
    pub(super) headers: HeaderMap,
    pub(super) key: Key,
    /// When it came, by the clock: its freshness is judged at this time, however long it waits.
    pub(super) at_ms: u64,
    /// When it came, among the purges.
    pub(super) order: Order,
    pub(super) plan: Use,
    /// What the headers have yet to say of the client, before the request goes on.
    pub(super) unsaid: Option<Vouched>,
}

/// What a look at the shelf has to know of a request.
#[derive(Clone, Copy)]
pub(super) struct Looking<'a> {
    pub(super) request: RequestView<'a>,
    pub(super) key: &'a Key,
    /// When it came, by the clock.
    pub(super) at_ms: u64,
}

impl Asked {
    /// Takes a request apart, which has no body.
    pub(super) fn of(
        request: Request,
        (key, order): (Key, Order),
        plan: Use,
        (at_ms, unsaid): (u64, Option<Vouched>),
    ) -> Self {
        let (parts, _no_body) = request.into_parts();
        Self {
            method: parts.method,
            uri: parts.uri,
            version: parts.version,
            headers: parts.headers,
            key,
            at_ms,
            order,
            plan,
            unsaid,
        }
    }

    /// A GET for the whole of what this request writes to, with its headers.
    pub(super) fn posted(hop: &Hop, to: Destination<'_>, request: &Request, plan: Use) -> Self {
        let (uri, mut headers) = (request.uri().clone(), request.headers().clone());
        strip_for_storing(&mut headers);
        Self {
            key: hop.service.key(&host(hop, to, request), &uri, &headers, hop.matched()),
            at_ms: hop.now_ms(),
            order: hop.pop.shelf.order(),
            method: Method::GET,
            uri,
            version: request.version(),
            headers,
            plan,
            unsaid: None,
        }
    }

    /// The request with all that its headers say of the client, as it goes on.
    pub(super) fn said(mut self) -> Self {
        self.unsaid.take().into_iter().for_each(|vouched| vouched.say(&mut self.headers));
        self
    }

    /// The request again, to be sent.
    pub(super) fn request(&self) -> Request {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.version_mut() = self.version;
        *request.headers_mut() = self.headers.clone();
        request
    }

    /// A GET for the whole thing, without the client's conditions and range.
    pub(super) fn whole(&self) -> Self {
        let mut whole = Self { method: Method::GET, ..self.clone().said() };
        strip_for_storing(&mut whole.headers);
        whole
    }

    pub(super) fn looking(&self) -> Looking<'_> {
        Looking { request: self.view(), key: &self.key, at_ms: self.at_ms }
    }

    pub(super) fn view(&self) -> RequestView<'_> {
        RequestView { method: &self.method, headers: &self.headers }
    }

    pub(super) fn is_authorized(&self) -> bool {
        self.headers.contains_key(header::AUTHORIZATION)
    }
}

/// What the cache knows a request by.
pub(super) fn key(hop: &Hop, to: Destination<'_>, request: &Request) -> Key {
    let host = host(hop, to, request);
    hop.service.key(&host, request.uri(), request.headers(), hop.matched())
}

/// Objects are known by the host that the request names: nearly always the one that the service itself was asked for.
/// A request that a handler made without one is known by its backend, so that two backends' objects are never mixed up.
pub(super) fn host<'h>(hop: &'h Hop, to: Destination<'_>, request: &Request) -> Cow<'h, str> {
    let named = request.uri().authority().map(|authority| authority.as_str());
    let field = request.headers().get(header::HOST).filter(|_| named.is_none());
    if field.is_some_and(|field| field.as_bytes() == hop.host.as_bytes()) {
        return Cow::Borrowed(&hop.host);
    }
    match named.or_else(|| field?.to_str().ok()) {
        Some(host) if *host == *hop.host => Cow::Borrowed(&hop.host),
        Some(host) => Cow::Owned(host.to_owned()),
        None => Cow::Owned(to.own_host()),
    }
}
