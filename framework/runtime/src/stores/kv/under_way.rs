//! How many bytes of values may be on their way to stores at once, in a whole node: who finds no room waits for it, and
//! not for ever. As many more may be in memory of large values that were read whole.
//!
//! A value is held whole until it is written, whoever sends it may be as slow as they like, and the disk may be slower
//! than all of them. So handlers and the management API ask for room before they read, and the room is given back when
//! the write is done, be there still somebody who waits for it or not. No value is larger than all the room, and nobody
//! asks for more while holding some, unless a body that is being stored comes from code that stores another one: that
//! is what the time is for.

use std::sync::Arc;

use futures_util::future::{Either, select};
use selvedge::{
    Error, Refusal, Result,
    store::kv::{KvRoom, KvWrite},
};
use selvedge_model::{
    key::KvKey,
    limits::{STORE_WAY_KIB, STORE_WAY_WAIT_MS},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::clock::Clock;

const KIB: usize = 1024;

/// The room that is left.
#[derive(Debug)]
pub struct UnderWay {
    room: Arc<Semaphore>,
    way: &'static str,
}

impl UnderWay {
    /// All the room there is for what is to be written.
    #[must_use]
    pub fn to_stores() -> Self {
        Self { room: Arc::new(Semaphore::new(STORE_WAY_KIB)), way: "on their way to stores" }
    }

    /// All the room there is for large values that are read whole. Another one: who has read a value may write one, and
    /// must not wait for itself.
    #[must_use]
    pub fn from_stores() -> Self {
        Self { room: Arc::new(Semaphore::new(STORE_WAY_KIB)), way: "that are read whole" }
    }

    /// Room for so many bytes, counted in whole KiB; all of it for more than there is.
    ///
    /// # Errors
    /// [`Refusal::TooManyRequests`] where none came free within
    /// [`STORE_WAY_WAIT_MS`](selvedge_model::limits::STORE_WAY_WAIT_MS).
    pub async fn room(&self, bytes: usize, clock: &dyn Clock) -> Result<KvRoom> {
        let taken = std::pin::pin!(self.take(bytes));
        match select(taken, clock.sleep(STORE_WAY_WAIT_MS)).await {
            Either::Left((room, _)) => Ok(room),
            Either::Right(_) => Err(Error::new(
                Refusal::TooManyRequests,
                format!(
                    "no room for {bytes} bytes {} came free in {STORE_WAY_WAIT_MS} ms",
                    self.way
                ),
            )),
        }
    }

    /// Gives room to writes that came without, however long that takes: what is queued is bounded whoever queues it.
    pub(super) async fn fill(&self, writes: &mut [(KvKey, KvWrite)]) {
        let (mut bytes, mut without) = (0_usize, Vec::new());
        for (_, write) in writes.iter_mut().filter(|(_, write)| !write.room.is_held()) {
            bytes = bytes.saturating_add(write.value.len());
            without.push(&mut write.room);
        }
        if bytes > 0 {
            let room = self.take(bytes).await;
            without.into_iter().for_each(|place| *place = room.clone());
        }
    }

    /// Bytes that are free, in whole KiB.
    #[must_use]
    pub fn free(&self) -> usize {
        self.room.available_permits() * KIB
    }

    async fn take(&self, bytes: usize) -> KvRoom {
        let kib = bytes.div_ceil(KIB).min(STORE_WAY_KIB);
        let permits = u32::try_from(kib).unwrap_or(u32::MAX);
        let permit: Option<OwnedSemaphorePermit> =
            Arc::clone(&self.room).acquire_many_owned(permits).await.ok();
        // It is never closed.
        permit.map_or_else(KvRoom::default, KvRoom::held)
    }
}

#[cfg(test)]
mod tests;
