//! The chain tokens that came with a request, kept where no handler can read them.

use http::{HeaderMap, HeaderValue, Method, Uri};

use super::{EDGE_AUTH, Purpose};
use crate::model::name::StoreName;

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
    passed: Option<StoreName>,
}

impl InboundToken {
    /// Removes every `Edge-Auth` header of a request for this host and keeps the values.
    pub fn take_from(headers: &mut HeaderMap, method: &Method, authority: &str, uri: &Uri) -> Self {
        let values: Vec<HeaderValue> = headers.get_all(EDGE_AUTH).iter().cloned().collect();
        // Most requests bring none, and then nobody asks what they were.
        if values.is_empty() {
            return Self::default();
        }
        headers.remove(EDGE_AUTH);
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        Self {
            values,
            method: method.clone(),
            authority: authority.to_owned(),
            target: target.to_owned(),
            passed: None,
        }
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
    pub fn passed_with(self, secrets: StoreName) -> Self {
        Self { passed: Some(secrets), ..self }
    }

    /// Whether it was found valid with them.
    #[must_use]
    pub fn has_passed_with(&self, secrets: &StoreName) -> bool {
        self.passed.as_ref() == Some(secrets)
    }
}
