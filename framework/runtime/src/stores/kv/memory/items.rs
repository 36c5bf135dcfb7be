//! The items of one store in memory, by key and by when they end.

use std::collections::{BTreeMap, BTreeSet};

use selvedge::store::kv::{KvEntry, KvHead, KvValue};

use crate::stores::kv::rule::Place;

/// The items of one store.
#[derive(Debug, Default)]
pub(super) struct Items {
    pub(super) by_key: BTreeMap<String, KvEntry>,
    /// Which items end when, so that expired ones do not pile up.
    by_expiry: BTreeSet<(u64, String)>,
}

impl Items {
    pub(super) fn write(&mut self, key: &str, head: KvHead, place: Place, new: KvValue) {
        let old = self.remove(key).unwrap_or_default();
        let value = match place {
            Place::Instead => new,
            Place::Behind => old.followed_by(&new),
            Place::Before => new.followed_by(&old),
        };
        if let Some(at) = head.expires_ms {
            self.by_expiry.insert((at, key.to_owned()));
        }
        self.by_key.insert(key.to_owned(), KvEntry { head, value });
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<KvValue> {
        let KvEntry { head, value } = self.by_key.remove(key)?;
        if let Some(at) = head.expires_ms {
            self.by_expiry.remove(&(at, key.to_owned()));
        }
        Some(value)
    }

    pub(super) fn sweep(&mut self, now_ms: u64) {
        while let Some((at, key)) = self.by_expiry.pop_first() {
            if at > now_ms {
                self.by_expiry.insert((at, key));
                return;
            }
            self.by_key.remove(&key);
        }
    }
}
