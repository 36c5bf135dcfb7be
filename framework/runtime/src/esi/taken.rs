//! A client's conditions and its range, taken off a request that may be answered with a template.

use http::HeaderMap;
use selvedge::{Body, Request};
use selvedge_cache::validate::{is_conditional, strip_for_storing};

use crate::{fetch::Sending, world::Template};

/// What was taken off. Where rules that look at the response call it no template, it counts after all.
pub struct Taken(HeaderMap);

impl Taken {
    pub(super) fn of(expected: Template, headers: &HeaderMap) -> Option<Self> {
        let may_come_back = expected == Template::Perhaps && is_conditional(headers);
        may_come_back.then(|| {
            let mut rest = headers.clone();
            strip_for_storing(&mut rest);
            let taken = headers.iter().filter(|(name, _)| !rest.contains_key(*name));
            Self(taken.map(|(name, value)| (name.clone(), value.clone())).collect())
        })
    }

    /// The same sending with it.
    #[must_use]
    pub fn given_back(self, sending: &Sending) -> Sending {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = sending.request.method().clone();
        *request.uri_mut() = sending.request.uri().clone();
        *request.version_mut() = sending.request.version();
        *request.headers_mut() = sending.request.headers().clone();
        request.headers_mut().extend(self.0);
        Sending {
            request,
            plan: sending.plan.clone(),
            at_ms: sending.at_ms,
            unsaid: sending.unsaid.clone(),
        }
    }
}
