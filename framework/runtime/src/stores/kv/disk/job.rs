//! One write on its way through the writer thread: what it wants, what came of it, who waits.

use std::sync::Arc;

use selvedge::{Error, Refusal, Result, store::kv::KvWrite};
use selvedge_model::{key::KvKey, name::StoreName};
use tokio::sync::oneshot;

use super::tables::{self, Tables};
use crate::stores::kv::rule::{Head, Stored, apply, may_delete, needs_old_value};

/// A write that waits for its commit.
pub(super) struct Job {
    pub(super) store: StoreName,
    pub(super) key: KvKey,
    pub(super) now_ms: u64,
    pub(super) act: Act,
}

/// What it does, and where its result goes.
pub(super) enum Act {
    Put(KvWrite, Slot<u64>),
    Delete(Option<u64>, Slot<bool>),
}

impl Job {
    /// What it adds to a group's size.
    pub(super) fn bytes(&self) -> usize {
        match &self.act {
            Act::Put(write, _) => write.value.len(),
            Act::Delete(..) => 0,
        }
    }

    /// Does it within the transaction and keeps the result; says whether anything changed.
    pub(super) fn run(&mut self, tables: &mut Tables<'_>) -> tables::Result<bool> {
        let place = (self.store.as_str(), self.key.as_str());
        match &mut self.act {
            Act::Put(write, slot) => {
                let result = put(tables, place, std::mem::take(write), self.now_ms)?;
                Ok(slot.keep(result).is_ok())
            }
            Act::Delete(if_generation, slot) => {
                let result = delete(tables, place, *if_generation, self.now_ms)?;
                Ok(matches!(slot.keep(result), Ok(true)))
            }
        }
    }

    /// Tells whoever waits: the result, or that the commit failed.
    pub(super) fn answer(self, failure: Option<&Arc<redb::Error>>) {
        match self.act {
            Act::Put(_, slot) => slot.answer(failure),
            Act::Delete(_, slot) => slot.answer(failure),
        }
    }
}

fn put(
    tables: &mut Tables<'_>,
    place: (&str, &str),
    write: KvWrite,
    now_ms: u64,
) -> tables::Result<Result<u64>> {
    let current = match tables.head(place)? {
        Some(head) => Some(load(tables, place, head, &write)?),
        None => None,
    };
    let stored = match apply(current, write, tables.last_generation()?, now_ms) {
        Ok(stored) => stored,
        Err(refusal) => return Ok(Err(refusal)),
    };
    tables.insert(place, &stored)?;
    Ok(Ok(stored.head.generation))
}

fn load(
    tables: &Tables<'_>,
    place: (&str, &str),
    head: Head,
    write: &KvWrite,
) -> tables::Result<Stored> {
    let wanted = needs_old_value(write.mode);
    let value = if wanted { tables.value(place)? } else { bytes::Bytes::new() };
    Ok(Stored { head, value })
}

fn delete(
    tables: &mut Tables<'_>,
    place: (&str, &str),
    if_generation: Option<u64>,
    now_ms: u64,
) -> tables::Result<Result<bool>> {
    let found = may_delete(tables.head(place)?.as_ref(), if_generation, now_ms);
    if matches!(found, Ok(true)) {
        tables.remove(place)?;
    }
    Ok(found)
}

/// A result that is told only after the commit.
pub(super) struct Slot<T> {
    result: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T> Slot<T> {
    pub(super) fn new(reply: oneshot::Sender<Result<T>>) -> Self {
        Self { result: None, reply }
    }

    fn keep(&mut self, result: Result<T>) -> &Result<T> {
        self.result.insert(result)
    }

    /// A refusal of the group's own making is not told either if the commit failed: it may rest
    /// on a write that never happened.
    fn answer(self, failure: Option<&Arc<redb::Error>>) {
        let answer = match (failure, self.result) {
            (None, Some(result)) => result,
            (cause, _) => Err(failed(cause)),
        };
        // Whoever stopped waiting does not need to know.
        let _ = self.reply.send(answer);
    }
}

fn failed(cause: Option<&Arc<redb::Error>>) -> Error {
    let error = Error::new(Refusal::StoreFailed, "the KV file could not be written");
    match cause {
        Some(cause) => error.because(Arc::clone(cause)),
        None => error,
    }
}
