//! A large value read part by part: of the snapshot that its head was read of, and after that of whatever is there, as
//! long as it has the same generation.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt, try_unfold};
use redb::{Database, ReadableDatabase, ReadableTable};
use selvedge::{Error, Refusal, store::kv::KvHead};
use selvedge_model::{id::StoreId, key::KvKey};

use super::{
    held::Slot,
    readers::Queue,
    schema::{HEADS, PARTS, PartKey, Result},
    tables::damaged,
};

/// What is needed to read on.
pub(super) struct Parting {
    pub(super) store: StoreId,
    pub(super) key: KvKey,
    pub(super) head: KvHead,
    pub(super) slot: Arc<Slot>,
}

/// How far it has come.
struct At {
    parting: Arc<Parting>,
    queue: Queue,
    /// The number of the next part, or of none before it.
    number: u32,
    left: u64,
}

/// What stands where the next part should.
enum Part {
    Bytes(u32, Bytes),
    /// The item was written over, or is gone.
    Gone,
}

/// The parts of a value, each read when it is asked for.
pub(super) fn parts(parting: Parting, queue: Queue) -> BoxStream<'static, selvedge::Result<Bytes>> {
    let left = parting.head.length;
    let at = At { parting: Arc::new(parting), queue, number: 0, left };
    try_unfold(at, |at| async move {
        match at.left {
            0 => Ok(None),
            _ => at.next().await.map(Some),
        }
    })
    .boxed()
}

impl At {
    async fn next(self) -> selvedge::Result<(Bytes, Self)> {
        let (parting, number) = (Arc::clone(&self.parting), self.number);
        match self.queue.run(move |database| parting.read(database, number)).await? {
            Part::Gone => Err(gone()),
            Part::Bytes(number, bytes) => {
                let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                let left = self.left.checked_sub(length).ok_or_else(longer)?;
                Ok((bytes, Self { number: number.saturating_add(1), left, ..self }))
            }
        }
    }
}

impl Parting {
    fn read(&self, database: &Database, number: u32) -> Result<Part> {
        let mut slot = self.slot.lock();
        if let Some(Ok(part)) = slot.as_ref().map(|snapshot| self.part(snapshot, number)) {
            return Ok(part);
        }
        // A snapshot that fails is of a file that is being opened again.
        *slot = None;
        drop(slot);
        self.read_now(database, number)
    }

    /// Head and part are of one commit.
    fn read_now(&self, database: &Database, number: u32) -> Result<Part> {
        let snapshot = database.begin_read()?;
        let item = (self.store.as_str(), self.key.as_str());
        let found = snapshot.open_table(HEADS)?.get(item)?.map(|row| row.value().0);
        match found == Some(self.head.generation) {
            true => self.part(&snapshot.open_table(PARTS)?, number),
            false => Ok(Part::Gone),
        }
    }

    fn part(
        &self,
        parts: &impl ReadableTable<PartKey, &'static [u8]>,
        number: u32,
    ) -> Result<Part> {
        let (store, key) = (self.store.as_str(), self.key.as_str());
        let row = parts.range((store, key, number)..=(store, key, u32::MAX))?.next().transpose()?;
        let (at, part) = row.ok_or_else(|| damaged("a value is shorter than its head tells"))?;
        Ok(Part::Bytes(at.value().2, Bytes::copy_from_slice(part.value())))
    }
}

fn gone() -> Error {
    let detail = "the value was written over or deleted while it was being read";
    Error::new(Refusal::StoreFailed, detail)
}

fn longer() -> Error {
    Error::new(Refusal::StoreFailed, "a KV value is longer than its head tells")
}
