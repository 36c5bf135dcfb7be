//! A client's conditions and its range, taken off a request that may be answered with a template.

use http::HeaderMap;
use selvedge::Request;
use selvedge_cache::validate::{is_conditional, strip_for_storing};

use crate::{fetch::without_body, world::Template};

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

    /// The same request with it.
    #[must_use]
    pub fn given_back(self, request: &Request) -> Request {
        let mut same = without_body(request);
        same.headers_mut().extend(self.0);
        same
    }
}
