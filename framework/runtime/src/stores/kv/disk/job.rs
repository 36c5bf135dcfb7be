//! One call on its way through the writer thread: what it wants, what came of it, who waits.

use selvedge::{Result, store::kv::KvWrite};
use selvedge_model::{id::StoreId, key::KvKey};
use tokio::sync::oneshot;

use super::{fault::Fault, schema, tables::Tables};
use crate::stores::kv::{
    Change, Closing, Progress,
    closed::Closed,
    rule::{apply, may_delete},
    watch::Watchers,
};

/// A call that waits for its commit.
pub(super) struct Job {
    pub(super) now_ms: u64,
    pub(super) act: Act,
}

/// What it does, and where its result goes.
pub(super) enum Act {
    Put(StoreId, Vec<(KvKey, KvWrite)>, Slot<Vec<Result<u64>>>),
    Delete(StoreId, KvKey, Option<u64>, Slot<Result<bool>>),
    Close(StoreId, Slot<Closing>),
    Drop(StoreId, Slot<Progress>),
    Sweep(Slot<Progress>),
}

/// Whether there is anything to sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing but refusals.
    Nothing,
    /// Something was written or removed.
    Changed,
}

impl Effect {
    fn when(changed: bool) -> Self {
        if changed { Self::Changed } else { Self::Nothing }
    }
}

impl Job {
    /// What it adds to a group's size.
    pub(super) fn bytes(&self) -> usize {
        match &self.act {
            Act::Put(_, writes, _) => writes.iter().map(|(_, write)| write.value.len()).sum(),
            Act::Delete(..) | Act::Close(..) | Act::Drop(..) | Act::Sweep(..) => 0,
        }
    }

    /// Whether it needs more room than it gives back.
    pub(super) fn grows(&self) -> bool {
        matches!(self.act, Act::Put(..))
    }

    /// Does it within the transaction and keeps the result.
    pub(super) fn run(
        &mut self,
        tables: &mut Tables<'_>,
        closed: &Closed,
    ) -> schema::Result<Effect> {
        match &mut self.act {
            Act::Put(store, writes, slot) => {
                let put = |(key, write): &(KvKey, KvWrite)| {
                    if let Err(gone) = closed.check(store) {
                        return Ok(Err(gone));
                    }
                    put(tables, (store.as_str(), key.as_str()), write, self.now_ms)
                };
                let results = writes.iter().map(put).collect::<schema::Result<Vec<_>>>()?;
                Ok(Effect::when(slot.keep(results).iter().any(Result::is_ok)))
            }
            Act::Delete(store, key, if_generation, slot) => {
                let item = (store.as_str(), key.as_str());
                let result = delete(tables, item, *if_generation, self.now_ms)?;
                Ok(Effect::when(matches!(slot.keep(result), Ok(true))))
            }
            Act::Close(store, slot) => {
                let closing = match tables.is_empty(store.as_str(), self.now_ms)? {
                    true => Closing::Closed,
                    false => Closing::NotEmpty,
                };
                if closing == Closing::Closed {
                    closed.close(store);
                }
                slot.keep(closing);
                Ok(Effect::Nothing)
            }
            Act::Drop(store, slot) => {
                let (progress, removed) = tables.drop_some(store.as_str())?;
                slot.keep(progress);
                Ok(Effect::when(removed > 0))
            }
            Act::Sweep(slot) => {
                let (progress, removed) = tables.sweep(self.now_ms)?;
                slot.keep(progress);
                Ok(Effect::when(removed > 0))
            }
        }
    }

    /// Tells whoever keeps copies. Also when the commit failed, since what of it is on disk is not known then.
    pub(super) fn tell(&self, watchers: &Watchers) {
        let now_ms = self.now_ms;
        match &self.act {
            Act::Put(store, writes, _) => {
                for (key, _) in writes {
                    watchers.tell(Change::Item { store, key, now_ms });
                }
            }
            Act::Delete(store, key, ..) => watchers.tell(Change::Item { store, key, now_ms }),
            Act::Drop(store, _) => watchers.tell(Change::Store { store }),
            Act::Close(..) | Act::Sweep(_) => {}
        }
    }

    /// Takes back what is not in the file, where the commit failed.
    pub(super) fn undo(&self, closed: &Closed) {
        if let Act::Close(store, _) = &self.act {
            closed.reopen(store);
        }
    }

    /// Tells whoever waits: the result, or that the commit failed.
    pub(super) fn answer(self, fault: Option<&Fault>) {
        match self.act {
            Act::Put(_, writes, slot) => {
                // Their room is free before anybody hears that it may be.
                drop(writes);
                slot.answer(fault);
            }
            Act::Delete(_, _, _, slot) => slot.answer(fault),
            Act::Close(_, slot) => slot.answer(fault),
            Act::Drop(_, slot) | Act::Sweep(slot) => slot.answer(fault),
        }
    }
}

fn put(
    tables: &mut Tables<'_>,
    item: (&str, &str),
    write: &KvWrite,
    now_ms: u64,
) -> schema::Result<Result<u64>> {
    let old = tables.head(item)?;
    let (head, place) = match apply(old.as_ref(), write, tables.last_generation(), now_ms) {
        Ok(applied) => applied,
        Err(refusal) => return Ok(Err(refusal)),
    };
    tables.write(item, old.as_ref(), (&head, place), &write.value)?;
    Ok(Ok(head.generation))
}

fn delete(
    tables: &mut Tables<'_>,
    item: (&str, &str),
    if_generation: Option<u64>,
    now_ms: u64,
) -> schema::Result<Result<bool>> {
    let old = tables.head(item)?;
    let found = may_delete(old.as_ref(), if_generation, now_ms);
    if let (Ok(true), Some(old)) = (&found, &old) {
        tables.remove(item, old)?;
    }
    Ok(found)
}

/// A result that is told only after the commit.
pub(super) struct Slot<T> {
    result: Option<T>,
    reply: oneshot::Sender<std::result::Result<T, Fault>>,
}

impl<T> Slot<T> {
    pub(super) fn new(reply: oneshot::Sender<std::result::Result<T, Fault>>) -> Self {
        Self { result: None, reply }
    }

    fn keep(&mut self, result: T) -> &T {
        self.result.insert(result)
    }

    /// A refusal of the group's own making is not told either if the commit failed: it may rest
    /// on a write that never happened.
    fn answer(self, fault: Option<&Fault>) {
        let answer = match (fault, self.result) {
            (None, Some(result)) => Ok(result),
            (Some(fault), _) => Err(fault.clone()),
            (None, None) => Err(Fault::Unanswered),
        };
        // Whoever stopped waiting does not need to know.
        let _ = self.reply.send(answer);
    }
}
