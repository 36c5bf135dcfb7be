//! The chain tokens that came with a request, kept where no handler can read them.

use std::sync::Arc;

use http::{HeaderValue, Method, header::Entry, uri::PathAndQuery};

use super::{EDGE_AUTH, Purpose};
use crate::{Request, model::id::StoreId};

/// The chain tokens that came with a request, taken out of its headers before a handler runs, and what the request was
/// when it came.
///
/// Opaque: a handler that finds it in the request's extensions can read nothing from it.
#[derive(Clone, Default)]
pub struct InboundToken {
    /// There may be one only; what else there was is looked at all the same.
    first: Option<HeaderValue>,
    others: Vec<HeaderValue>,
    method: Method,
    authority: Arc<str>,
    target: Option<PathAndQuery>,
    passed: Option<StoreId>,
}

impl InboundToken {
    /// Removes every `Edge-Auth` header of a request for this host and keeps the values.
    #[must_use]
    pub fn take_from(request: &mut Request, authority: impl Into<Arc<str>>) -> Self {
        // Most requests bring none, and then nobody asks what they were.
        if request.headers().keys().all(|name| *name != EDGE_AUTH) {
            return Self::default();
        }
        let Entry::Occupied(lines) = request.headers_mut().entry(EDGE_AUTH) else {
            return Self::default();
        };
        let (_, mut values) = lines.remove_entry_mult();
        let (first, others) = (values.next(), values.collect());
        Self {
            first,
            others,
            method: request.method().clone(),
            authority: authority.into(),
            target: request.uri().path_and_query().cloned(),
            passed: None,
        }
    }

    /// The values of its headers.
    pub fn values(&self) -> impl Iterator<Item = &[u8]> {
        self.first.iter().chain(&self.others).map(HeaderValue::as_bytes)
    }

    /// What a one-time token must be for to be good here.
    #[must_use]
    pub fn purpose<'a>(&'a self, service: &'a str) -> Purpose<'a> {
        let (method, authority) = (self.method.as_str(), &self.authority);
        let target = self.target.as_ref().map_or("/", PathAndQuery::as_str);
        Purpose { service, method, authority, target }
    }

    /// Notes that it was found valid with the secrets of a store: a one-time token is so only once.
    #[must_use]
    pub fn passed_with(self, secrets: StoreId) -> Self {
        Self { passed: Some(secrets), ..self }
    }

    /// Whether it was found valid with them.
    #[must_use]
    pub fn has_passed_with(&self, secrets: &StoreId) -> bool {
        self.passed.as_ref() == Some(secrets)
    }
}
