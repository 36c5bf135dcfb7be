//! Looking up: by key, variant and extent, all of it found in one visit of a shard.

use http::HeaderMap;

use super::Shelf;
use crate::entry::Entry;
use crate::key::Key;
use crate::stock::Stock;

impl Shelf {
    /// What is stored for a request with these headers, all of it found in one visit. The best comes first: what has
    /// `Vary` before what has none, then the newer `Date`, then the later arrival. Marks the key as used and counts no
    /// hit; `decide` picks by freshness.
    #[must_use]
    pub fn stock(&self, key: &Key, request_headers: &HeaderMap) -> Stock {
        let place = self.place(key);
        self.shards.of(place).stock(place, key, request_headers)
    }

    /// Every whole object that a request with these headers could be answered with, in the order of [`Shelf::stock`].
    #[must_use]
    pub fn find(&self, key: &Key, request_headers: &HeaderMap) -> Vec<Entry> {
        self.stock(key, request_headers).matching.into_vec()
    }

    /// Every whole object of the key, also for other request headers, in the order of [`Shelf::stock`]: what a request
    /// that matches none of them can ask the origin about (RFC 9111 section 4.1). Goes through all there are.
    #[must_use]
    pub fn variants(&self, key: &Key) -> Vec<Entry> {
        let place = self.place(key);
        self.shards.of(place).all(place, key)
    }

    /// Every part of an object that matches these headers, in the order of [`Shelf::stock`]. Whether one has what the
    /// request wants, [`covers`](crate::partial::covers) says.
    #[must_use]
    pub fn parts(&self, key: &Key, request_headers: &HeaderMap) -> Vec<Entry> {
        self.stock(key, request_headers).parts
    }

    /// Whether a whole object lies under the key, for whatever request headers: then a request that finds nothing is a
    /// `vary-miss`.
    #[must_use]
    pub fn known(&self, key: &Key) -> bool {
        let place = self.place(key);
        self.shards.of(place).knows(place, key)
    }
}
