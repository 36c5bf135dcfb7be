//! How many entries of a shard belong to which service, in which generation of its cache.

use std::collections::{BTreeMap, HashMap};

use crate::key::Key;

/// The counts above zero.
#[derive(Debug, Default)]
pub(super) struct Census(HashMap<Box<str>, BTreeMap<u64, u64>>);

impl Census {
    pub(super) fn add(&mut self, key: &Key) {
        if !self.0.contains_key(key.service()) {
            self.0.insert(key.service().into(), BTreeMap::new());
        }
        if let Some(generations) = self.0.get_mut(key.service()) {
            *generations.entry(key.generation()).or_default() += 1;
        }
    }

    pub(super) fn remove(&mut self, key: &Key) {
        let Some(generations) = self.0.get_mut(key.service()) else { return };
        if let Some(count) = generations.get_mut(&key.generation()) {
            *count -= 1;
        }
        generations.retain(|_, count| *count > 0);
        if generations.is_empty() {
            self.0.remove(key.service());
        }
    }

    pub(super) fn count(&self, service: &str, generation: u64) -> u64 {
        let generations = self.0.get(service);
        generations.and_then(|it| it.get(&generation)).copied().unwrap_or(0)
    }
}
