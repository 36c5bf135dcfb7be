//! Which requests may wait for the same answer (RFC 9111 section 4, last paragraph; platform.md section 6.8).
//!
//! A request that leads asks the origin for everybody. What the answer is worth to the others is known when its head is
//! there: `vary` and `storable` say so. Whether anybody leads, and who waits, is the caller's to know.

use http::header::{
    AUTHORIZATION, CACHE_CONTROL, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::condition::must_forward;
use crate::control::CacheControl;
use crate::decision::MissReason;
use crate::storable::RequestView;
use crate::vary::Selecting;

/// What part a request takes where several want the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// It waits for whoever asks the same, and asks for the others where nobody does.
    Leads(Lane),
    /// It waits for whoever asks for the whole; its own question is of no use to others.
    Follows(Lane),
    /// It does neither.
    Alone,
}

/// What the requests have in common that wait for each other, beside the key and what selects the variant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Lane {
    /// Whether they carry `Authorization`: what may not be shared for those (section 3.5) says nothing of the others.
    pub authorized: bool,
    /// The range that they want, where the origin is asked for no more.
    pub range: Option<HeaderValue>,
}

impl Lane {
    /// Whether what comes for `self` can answer a request of the lane `other`: the same, or the whole.
    #[must_use]
    pub fn serves(&self, other: &Self) -> bool {
        self.authorized == other.authorized && (self.range.is_none() || self.range == other.range)
    }
}

/// The part of a request that was not answered from what is stored. `asks_whole` says that the origin will be asked for
/// the whole in any case, because it is a validation or because the service fetches so.
#[must_use]
pub fn role(request: &RequestView<'_>, reason: MissReason, asks_whole: bool) -> Role {
    let headers = request.headers;
    let has = |name: HeaderName| headers.contains_key(name);
    let mut lane = Lane { authorized: has(AUTHORIZATION), range: None };
    if must_forward(headers) || is_kept_apart(request, reason) {
        return Role::Alone;
    }
    if asks_whole {
        return Role::Leads(lane);
    }
    if *request.method == Method::HEAD || [IF_NONE_MATCH, IF_MODIFIED_SINCE].into_iter().any(has) {
        return Role::Follows(lane);
    }
    let mut ranges = headers.get_all(RANGE).iter();
    match (ranges.next(), ranges.next(), has(IF_RANGE)) {
        (None, ..) => Role::Leads(lane),
        (Some(range), None, false) => {
            lane.range = Some(range.clone());
            Role::Leads(lane)
        }
        _ => Role::Follows(lane),
    }
}

/// Its answer must not be kept, or it wants one that nobody has been given yet (section 5.2.1).
fn is_kept_apart(request: &RequestView<'_>, reason: MissReason) -> bool {
    reason == MissReason::Request || CacheControl::parse(request.headers, CACHE_CONTROL).no_store
}

/// Whether two requests would be given the same variant, as far as the fields `names` tell; with none, they may be.
#[must_use]
pub fn selects_alike(names: &[HeaderName], one: &HeaderMap, other: &HeaderMap) -> bool {
    let (one, other) = (Selecting::of(one), Selecting::of(other));
    names.iter().all(|name| one.selects_as(&other, name))
}

#[cfg(test)]
mod tests;
