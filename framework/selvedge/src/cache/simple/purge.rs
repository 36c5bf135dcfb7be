//! Purging a value: by the surrogate keys that every value has.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::{SimpleCache, query};
use crate::{
    Result,
    model::key::SurrogateKey,
    purge::{PurgeId, PurgeMode},
};

/// Where a value is purged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PurgeScope {
    /// In this POP.
    #[default]
    Pop,
    /// In every POP.
    Global,
}

impl SimpleCache {
    /// Takes the value of a key away in this POP. When it returns, no look-up that begins finds it; one that is being
    /// made meanwhile is not found either.
    ///
    /// # Errors
    /// [`CacheKeyInvalid`](crate::Refusal::CacheKeyInvalid).
    pub async fn purge(&self, key: impl AsRef<[u8]> + Send) -> Result<PurgeId> {
        self.purge_in(key, PurgeScope::Pop).await
    }

    /// The same, in this POP or in all.
    ///
    /// # Errors
    /// As [`SimpleCache::purge`].
    pub async fn purge_in(
        &self,
        key: impl AsRef<[u8]> + Send,
        scope: PurgeScope,
    ) -> Result<PurgeId> {
        query(key.as_ref())?;
        let [global, local] = texts(key.as_ref(), &self.0.place().pop);
        let text = match scope {
            PurgeScope::Pop => local,
            PurgeScope::Global => global,
        };
        let keys: Vec<SurrogateKey> = SurrogateKey::new(text).into_iter().collect();
        self.0.purge(&keys, PurgeMode::Hard).await
    }
}

/// The surrogate keys of a value.
pub(super) fn keys(key: &[u8], pop: &str) -> Vec<SurrogateKey> {
    texts(key, pop).into_iter().filter_map(|text| SurrogateKey::new(text).ok()).collect()
}

/// Of its key, and of its key in this POP.
fn texts(key: &[u8], pop: &str) -> [String; 2] {
    [hex(&[key]), hex(&[key, pop.as_bytes()])]
}

fn hex(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}
