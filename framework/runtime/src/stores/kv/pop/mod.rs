//! KV stores as one POP sees them: the first read of an item comes from the engine, later ones from memory
//! (platform.md section 2.1, consistency).
//!
//! A POP sees its own writes at once. What others write it sees after the lag at the latest: until then it may serve what
//! it has. That nothing is there is remembered like an item.

use std::sync::{Arc, Weak};

use selvedge::{
    Body, Result,
    store::kv::{KvEntry, KvHead, KvPage, KvQuery, KvRoom, KvWrite},
};
use selvedge_model::{id::StoreId, key::KvKey};

use super::{KvEngine, KvFound, KvSource, Watch};
use crate::clock::Clock;

mod budget;
mod view;

use self::view::{Kept, Look, Ticket};

/// How a POP keeps what it has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// Memory for it, in bytes.
    pub bytes: usize,
    /// How long what others have written over may still be served, in milliseconds.
    pub lag_ms: u64,
}

impl Default for View {
    fn default() -> Self {
        Self { bytes: 64 * 1024 * 1024, lag_ms: 0 }
    }
}

/// The KV stores of a POP.
pub struct PopKv {
    engine: Arc<dyn KvEngine>,
    kept: Arc<Kept>,
}

impl PopKv {
    /// A POP that has read nothing so far.
    #[must_use]
    pub fn new(engine: Arc<dyn KvEngine>, view: View) -> Self {
        let kept = Arc::new(Kept::new(view));
        let watch: Weak<dyn Watch> = Arc::<Kept>::downgrade(&kept);
        engine.watch(watch);
        Self { engine, kept }
    }

    /// Reads an item whole; `None` where there is none. What lies in parts is given room in memory first, and has it for as
    /// long as somebody has the value.
    ///
    /// # Errors
    /// Those of [`KvEngine::find`], and [`Refusal::TooManyRequests`](selvedge::Refusal::TooManyRequests) where no room came
    /// free in time.
    pub async fn get(
        &self,
        store: &StoreId,
        key: &KvKey,
        clock: &dyn Clock,
    ) -> Result<Option<KvEntry>> {
        let now_ms = clock.now_ms();
        match self.kept.look(store, key, now_ms) {
            Look::Found(entry) => Ok(entry),
            Look::Unknown(ticket) => {
                let entry = match self.engine.find(store, key, now_ms).await? {
                    Some(found) => Some(self.whole(found, clock).await?),
                    None => None,
                };
                self.kept.keep(ticket, store, key, entry.as_ref());
                Ok(entry)
            }
        }
    }

    /// Reads an item as a body; `None` where there is none. What lies in parts is read in parts and not kept.
    ///
    /// # Errors
    /// Those of [`KvEngine::find`].
    pub async fn body(
        &self,
        store: &StoreId,
        key: &KvKey,
        now_ms: u64,
    ) -> Result<Option<(KvHead, Body)>> {
        let found = match self.kept.look(store, key, now_ms) {
            Look::Found(entry) => entry.map(KvFound::from),
            Look::Unknown(ticket) => {
                let found = self.engine.find(store, key, now_ms).await?;
                self.keep_small(ticket, (store, key), found.as_ref());
                found
            }
        };
        Ok(found.map(KvFound::into_body))
    }

    async fn whole(&self, found: KvFound, clock: &dyn Clock) -> Result<KvEntry> {
        let room = match found.value {
            KvSource::Whole(_) => KvRoom::default(),
            KvSource::Parts(_) => {
                let bytes = usize::try_from(found.head.length).unwrap_or(usize::MAX);
                self.engine.being_read().room(bytes, clock).await?
            }
        };
        found.into_entry(room).await
    }

    fn keep_small(&self, ticket: Ticket, at: (&StoreId, &KvKey), found: Option<&KvFound>) {
        let entry = match found {
            Some(KvFound { head, value: KvSource::Whole(value) }) => {
                Some(KvEntry { head: head.clone(), value: value.clone() })
            }
            Some(KvFound { value: KvSource::Parts(_), .. }) => return,
            None => None,
        };
        self.kept.keep(ticket, at.0, at.1, entry.as_ref());
    }

    /// Writes an item, and is the first to see it.
    ///
    /// # Errors
    /// Those of [`KvEngine::put`].
    pub async fn put(
        &self,
        store: &StoreId,
        key: &KvKey,
        write: KvWrite,
        now_ms: u64,
    ) -> Result<u64> {
        let written = self.engine.put(store, key, write, now_ms).await;
        // Also where it failed: what became of it is not always known.
        self.kept.forget(store, key);
        written
    }

    /// Deletes an item; `false` where there was none.
    ///
    /// # Errors
    /// Those of [`KvEngine::delete`].
    pub async fn delete(
        &self,
        store: &StoreId,
        key: &KvKey,
        if_generation: Option<u64>,
        now_ms: u64,
    ) -> Result<bool> {
        let deleted = self.engine.delete(store, key, if_generation, now_ms).await;
        self.kept.forget(store, key);
        deleted
    }

    /// Lists keys. Pages come from the engine, whatever the mode: they are never older than what the POP has read.
    ///
    /// # Errors
    /// Those of [`KvEngine::list`].
    pub async fn list(&self, store: &StoreId, query: KvQuery, now_ms: u64) -> Result<KvPage> {
        self.engine.list(store, query, now_ms).await
    }

    /// How many bytes are kept; never more than the view's.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.kept.bytes()
    }
}

#[cfg(test)]
mod tests;
