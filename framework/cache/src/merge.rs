//! What a 304 from the origin changes about what is stored (RFC 9111 sections 3.2 and 4.3.4).
//!
//! The caller asks `storable` about [`merged_headers`] for the new lifetime, then makes the [`updated`] entry. The
//! client is answered afterwards, by its own conditions.

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, DATE, LAST_MODIFIED};
use http::{HeaderMap, HeaderName};

use crate::entry::{Entry, StoredHead};
use crate::etag::EntityTag;
use crate::fields::without_hop_by_hop;
use crate::fresh::Freshness;
use crate::vary::{Variant, VaryStar};
use crate::when::{date_field, date_in};

/// Which of the entries that the request could have been answered with the 304 is about (section 4.3.4):
///
/// - with a strong tag, all that have it;
/// - with a weak tag, the newest that matches it;
/// - with `Last-Modified` alone, the newest that has the same. It is never taken for strong here, which updates too
///   little rather than too much;
/// - with no validator at all, the only candidate.
///
/// A validator that no entry has updates nothing.
///
/// For the last case the RFC would have the entry lack validators too. An origin that leaves the tag out of its 304
/// breaks RFC 9110 section 15.4.5, but with a single candidate its answer can mean nothing else.
#[must_use]
pub fn selected(candidates: &[Entry], not_modified: &HeaderMap, now_ms: u64) -> Vec<Entry> {
    let tag = EntityTag::of(not_modified);
    match (tag, date_field(not_modified, LAST_MODIFIED, now_ms).at()) {
        (Some(tag), _) if tag.is_strong() => having(candidates, |stored| strong(stored, tag)),
        (Some(tag), _) => newest(having(candidates, |stored| weak(stored, tag))),
        (None, Some(at)) => newest(having(candidates, |stored| modified_at(stored, at, now_ms))),
        (None, None) => only(candidates),
    }
}

/// The entry as the 304 leaves it: its headers merged, its body the same, its life begun anew.
#[must_use]
pub fn updated(
    entry: &Entry,
    not_modified: &HeaderMap,
    freshness: Freshness,
    received_at_ms: u64,
) -> Entry {
    let headers = merged_headers(&entry.head.headers(), not_modified);
    let head = entry.head.renewed(&headers, freshness, received_at_ms);
    Entry::of(&head, entry.body(), entry.extent())
}

/// Fields that say what the stored bytes are. A newer head that says otherwise is mistaken, and bytes under another
/// coding, length or digest than theirs are of no use to anybody: section 3.2 leaves out `Content-Length`, and lets be
/// left out what the integrity of a stored response needs.
const OF_THE_BYTES: [HeaderName; 5] = [
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_RANGE,
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("content-md5"),
];

/// The stored headers with those of a newer response in their place: all fields but those that say what the stored bytes
/// are, and hop-by-hop ones (section 3.2).
///
/// `Date` and `Age` are the newer response's alone, so that the age is reckoned from them; `Age` is there for
/// `storable` to see and is not stored.
#[must_use]
pub fn merged_headers(stored: &HeaderMap, newer: &HeaderMap) -> HeaderMap {
    let mut newer = without_hop_by_hop(newer);
    for name in &OF_THE_BYTES {
        newer.remove(name);
    }
    let replaced = |name: &HeaderName| *name == DATE || newer.contains_key(name);
    let kept = stored.iter().filter(|(name, _)| !replaced(name));
    let mut merged: HeaderMap = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    merged.extend(newer);
    merged
}

/// The entry as the variant for another request. A 304 that names the tag of a variant which `Vary` had not chosen
/// says that this variant is right for the request too (section 4.1); both then have the same body.
///
/// # Errors
///
/// [`VaryStar`] when the merged `Vary` allows no reuse any more.
pub fn for_request(entry: &Entry, request_headers: &HeaderMap) -> Result<Entry, VaryStar> {
    let variant = Variant::of(&entry.head.headers(), request_headers)?;
    if variant == entry.head.variant {
        return Ok(entry.clone());
    }
    Ok(Entry::of(&entry.head.with_variant(variant), entry.body(), entry.extent()))
}

fn having(candidates: &[Entry], is_meant: impl Fn(&StoredHead) -> bool) -> Vec<Entry> {
    candidates.iter().filter(|entry| is_meant(&entry.head)).cloned().collect()
}

fn newest(matching: Vec<Entry>) -> Vec<Entry> {
    matching.into_iter().max_by_key(|entry| entry.head.made_at_ms()).into_iter().collect()
}

fn only(candidates: &[Entry]) -> Vec<Entry> {
    match candidates {
        [only] => vec![only.clone()],
        _ => Vec::new(),
    }
}

fn strong(stored: &StoredHead, tag: EntityTag<'_>) -> bool {
    stored.etag().is_some_and(|stored| stored.strong_eq(tag))
}

fn weak(stored: &StoredHead, tag: EntityTag<'_>) -> bool {
    stored.etag().is_some_and(|stored| stored.weak_eq(tag))
}

fn modified_at(stored: &StoredHead, at: u64, now_ms: u64) -> bool {
    date_in(stored.values(&LAST_MODIFIED), now_ms).at() == Some(at)
}

#[cfg(test)]
mod tests;
