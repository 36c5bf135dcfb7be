//! Objects that code stores beside the responses: how long they live, and which bytes of one are given (platform.md
//! section 7.1).
//!
//! They lie on the same shelf, under keys of their own ([`Key::of_object`](crate::Key::of_object)), and are purged,
//! counted and evicted like all others. There are no header fields to obey: code says what it wants.

use std::ops::Range;

use bytes::Bytes;
use http::{HeaderMap, HeaderName};
use selvedge_model::key::SurrogateKey;

use crate::fresh::{Freshness, FreshnessSource};
use crate::head::StoredHead;
use crate::stale::StaleRules;
use crate::vary::Variant;

/// What code says of an object. What is `None` in an update stays as it was; in an insert it is nothing.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// How long it is fresh, in milliseconds, counted from when its age was 0.
    pub max_age_ms: u64,
    /// Its age now, in milliseconds.
    pub initial_age_ms: u64,
    /// How long it may be used after that, while it is made anew.
    pub stale_while_revalidate_ms: u64,
    /// The request headers that it was chosen by.
    pub vary_by: Option<Vec<HeaderName>>,
    /// The tags that it is purged by.
    pub surrogate_keys: Option<Vec<SurrogateKey>>,
    /// What code wants to know of it later.
    pub user_metadata: Bytes,
}

impl Said {
    /// The head of a new object, stored for a request with these headers.
    #[must_use]
    pub fn insert(self, request_headers: &HeaderMap, now_ms: u64) -> StoredHead {
        let variant = Variant::by(self.vary_by.clone().unwrap_or_default(), request_headers);
        self.head(variant, Vec::new(), now_ms)
    }

    /// The head of an object that goes on with the body of an old one. What selects the variant and what it is purged by
    /// are kept where nothing is said of them: to lose either would give one request the answer of another, or leave
    /// behind what a purge meant (platform.md section 6.4).
    #[must_use]
    pub fn update(self, old: &StoredHead, request_headers: &HeaderMap, now_ms: u64) -> StoredHead {
        let variant = match &self.vary_by {
            Some(names) => Variant::by(names.clone(), request_headers),
            None => old.variant.clone(),
        };
        let keys = old.surrogate_keys().filter_map(|key| SurrogateKey::new(key).ok()).collect();
        self.head(variant, keys, now_ms).after_hits(old.hits())
    }

    fn head(self, variant: Variant, keys: Vec<SurrogateKey>, now_ms: u64) -> StoredHead {
        let stale = StaleRules {
            while_revalidate_ms: self.stale_while_revalidate_ms,
            ..StaleRules::default()
        };
        let freshness = Freshness {
            lifetime_ms: self.max_age_ms,
            initial_age_ms: self.initial_age_ms,
            source: FreshnessSource::Object,
            stale,
            always_validate: false,
            immutable: false,
        };
        let mut head = StoredHead::of_object(variant, freshness, now_ms);
        head.set_surrogate_keys(self.surrogate_keys.unwrap_or(keys));
        // A slice would keep the whole of what it was cut from, which no account knows of.
        head.set_user_metadata(Bytes::copy_from_slice(&self.user_metadata));
        head
    }
}

/// How far an object's life is. Both ends are exclusive, unlike those of responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Life {
    /// Its age is below its `max_age`.
    Fresh,
    /// It is below that and `stale_while_revalidate` together: to be used, and to be made anew.
    Stale,
    /// It is not to be used.
    Expired,
}

/// How far an object's life is at a time. After a soft purge it is as old as its `max_age` was to be.
#[must_use]
pub fn life(head: &StoredHead, at_ms: u64) -> Life {
    let (freshness, age_ms) = (head.freshness(), head.age_ms(at_ms));
    let window_ms = freshness.stale.while_revalidate_ms;
    match age_ms {
        _ if age_ms < freshness.lifetime_ms => Life::Fresh,
        _ if age_ms < freshness.lifetime_ms.saturating_add(window_ms) => Life::Stale,
        _ => Life::Expired,
    }
}

/// The last byte that is asked for comes before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backwards;

/// What to do with a range where the length is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum IfUnknown {
    /// Give the whole body.
    #[default]
    Whole,
    /// Give the range all the same, or what there turns out to be of it.
    Range,
}

/// Which bytes are given where those from `from` to `to`, that one included, are asked for; without `from`, the last `to`
/// bytes. `None` is the whole body, which answers whatever reaches beyond it.
///
/// # Errors
///
/// [`Backwards`].
pub fn slice(
    from: Option<u64>,
    to: Option<u64>,
    length: Option<u64>,
    if_unknown: IfUnknown,
) -> Result<Option<Range<u64>>, Backwards> {
    if matches!((from, to), (Some(from), Some(to)) if to < from) {
        return Err(Backwards);
    }
    Ok(match (length, if_unknown) {
        (Some(length), _) => inside(from, to, length),
        (None, IfUnknown::Whole) => None,
        (None, IfUnknown::Range) => from.map(|from| from..end(to)),
    })
}

fn inside(from: Option<u64>, to: Option<u64>, length: u64) -> Option<Range<u64>> {
    let range = match (from, to) {
        (None, None) => return None,
        (None, Some(last)) => length.checked_sub(last)?..length,
        (Some(from), None) => from..length,
        (Some(from), Some(_)) => from..end(to),
    };
    (range.start < range.end && range.end <= length).then_some(range)
}

fn end(to: Option<u64>) -> u64 {
    to.map_or(u64::MAX, |to| to.saturating_add(1))
}

#[cfg(test)]
mod tests;
