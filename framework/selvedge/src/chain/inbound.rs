//! The chain tokens that came with a request, kept where no handler can read them.

use http::{HeaderValue, Method, header::Entry, uri::PathAndQuery};

use super::{EDGE_AUTH, Purpose};
use crate::{Request, model::id::StoreId};

/// The chain tokens that came with a request, taken out of its headers before a handler runs, and what the request was
/// when it came.
///
/// Opaque: a handler that finds it in the request's extensions can read nothing from it.
#[derive(Clone, Default)]
pub struct InboundToken(Option<Box<Inbound>>);

/// What came with a request that brought any; most bring none.
#[derive(Clone, Default)]
struct Inbound {
    /// There may be one only; what else there was is looked at all the same.
    values: Vec<HeaderValue>,
    method: Method,
    authority: String,
    target: Option<PathAndQuery>,
    passed: Option<StoreId>,
}

impl InboundToken {
    /// Removes every `Edge-Auth` header of a request for this host and keeps the values.
    #[must_use]
    pub fn take_from(request: &mut Request, authority: &str) -> Self {
        // To look at the names is less work than to look one up.
        if request.headers().keys().all(|name| *name != EDGE_AUTH) {
            return Self::default();
        }
        let Entry::Occupied(lines) = request.headers_mut().entry(EDGE_AUTH) else {
            return Self::default();
        };
        let (_, values) = lines.remove_entry_mult();
        Self(Some(Box::new(Inbound {
            values: values.collect(),
            method: request.method().clone(),
            authority: authority.to_owned(),
            target: request.uri().path_and_query().cloned(),
            passed: None,
        })))
    }

    /// The values of its headers.
    pub fn values(&self) -> impl Iterator<Item = &[u8]> {
        let values = self.0.iter().flat_map(|inbound| &inbound.values);
        values.map(HeaderValue::as_bytes)
    }

    /// What a one-time token must be for to be good here.
    #[must_use]
    pub fn purpose<'a>(&'a self, service: &'a str) -> Purpose<'a> {
        match &self.0 {
            Some(inbound) => Purpose {
                service,
                method: inbound.method.as_str(),
                authority: &inbound.authority,
                target: inbound.target.as_ref().map_or("/", PathAndQuery::as_str),
            },
            None => Purpose { service, method: Method::GET.as_str(), authority: "", target: "/" },
        }
    }

    /// Notes that it was found valid with the secrets of a store: a one-time token is so only once.
    #[must_use]
    pub fn passed_with(self, secrets: StoreId) -> Self {
        let inbound = *self.0.unwrap_or_default();
        Self(Some(Box::new(Inbound { passed: Some(secrets), ..inbound })))
    }

    /// Whether it was found valid with them.
    #[must_use]
    pub fn has_passed_with(&self, secrets: &StoreId) -> bool {
        self.0.as_ref().is_some_and(|inbound| inbound.passed.as_ref() == Some(secrets))
    }
}
