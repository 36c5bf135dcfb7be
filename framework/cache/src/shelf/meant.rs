//! What a purge means, in a shelf's own words, and a purge that several shelves know of.

use std::collections::BTreeSet;

use super::Shelf;
use super::log::Pending;
use crate::key::Key;
use crate::purge::{Overtaken, Purge, PurgeMode};

/// A purge that shelves know of. It is dropped when it was carried out in all of them.
#[must_use = "nothing is purged before it is carried out"]
#[derive(Debug)]
pub struct Announced {
    pub(super) meant: Meant,
    pub(super) effect: Overtaken,
    _pending: Pending,
}

impl Announced {
    /// One that the log knows of.
    pub(super) fn of(meant: Meant, effect: Overtaken, pending: Pending) -> Self {
        Self { meant, effect, _pending: pending }
    }
}

/// What a purge means, in a shelf's own words.
#[derive(Debug)]
pub(super) struct Meant {
    pub(super) what: What,
    pub(super) tags: Vec<u64>,
}

#[derive(Debug)]
pub(super) enum What {
    Nothing,
    Target(Key),
    Keys { service: String, generation: u64, texts: BTreeSet<String> },
}

/// What it does to a fetch that it overtakes.
pub(super) fn effect(mode: PurgeMode, now_ms: u64) -> Overtaken {
    match mode {
        PurgeMode::Hard => Overtaken::Removed,
        PurgeMode::Soft => Overtaken::Outdated { at_ms: now_ms },
    }
}

impl Shelf {
    pub(super) fn meant(&self, service: &str, generation: u64, what: &Purge<'_>) -> Meant {
        let (what, tags) = match what {
            Purge::Target(key) if key.service() != service => (What::Nothing, Vec::new()),
            Purge::Target(key) => {
                let key = (*key).clone().in_generation(generation);
                let tag = self.place(&key).target;
                (What::Target(key), vec![tag])
            }
            Purge::Keys(keys) => {
                let texts: BTreeSet<String> =
                    keys.iter().map(|key| key.as_str().to_owned()).collect();
                let tags = texts.iter().map(|text| self.hashing.tag(service, generation, text));
                let tags = tags.collect();
                (What::Keys { service: service.to_owned(), generation, texts }, tags)
            }
        };
        Meant { what, tags }
    }
}
