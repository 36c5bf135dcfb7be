//! The chain tokens that came with a request, kept where no handler can read them.

use http::{HeaderValue, Method};

use super::{EDGE_AUTH, Purpose};
use crate::{Request, model::id::StoreId};

/// The chain tokens that came with a request, taken out of its headers before a handler runs, and what the request was
/// when it came.
///
/// Opaque: a handler that finds it in the request's extensions can read nothing from it.
#[derive(Clone, Default)]
pub struct InboundToken {
    values: Vec<HeaderValue>,
    method: Method,
    authority: String,
    target: String,
    passed: Option<StoreId>,
}

impl InboundToken {
    /// Removes every `Edge-Auth` header of a request for this host and keeps the values.
    #[must_use]
    pub fn take_from(request: &mut Request, authority: &str) -> Self {
        // Most requests bring none, and then nobody asks what they were.
        if request.headers().keys().all(|name| *name != EDGE_AUTH) {
            return Self::default();
        }
        let values = request.headers().get_all(EDGE_AUTH).iter().cloned().collect();
        request.headers_mut().remove(EDGE_AUTH);
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        let (method, target) = (request.method().clone(), target.to_owned());
        Self { values, method, authority: authority.to_owned(), target, passed: None }
    }

    /// The values of its headers.
    pub fn values(&self) -> impl Iterator<Item = &[u8]> {
        self.values.iter().map(HeaderValue::as_bytes)
    }

    /// What a one-time token must be for to be good here.
    #[must_use]
    pub fn purpose<'a>(&'a self, service: &'a str) -> Purpose<'a> {
        let (method, authority, target) = (self.method.as_str(), &self.authority, &self.target);
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
