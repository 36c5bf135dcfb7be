//! What may be found after a kill: the acknowledged, and of each item perhaps one deed more.

use std::collections::BTreeMap;

use selvedge::model::{id::StoreId, key::KvKey, name::StoreKind};
use selvedge_runtime::stores::kv::{DiskKv, KvEngine};

use super::line::{Deed, Line, Step, content};
use crate::Outcome;

/// The one time of every write: what is tested has nothing to do with clocks.
pub(super) const NOW_MS: u64 = 1_750_000_000_000;

pub(super) fn store() -> StoreId {
    StoreId::made_of(StoreKind::Kv, 1)
}

pub(super) fn key(item: usize) -> Outcome<KvKey> {
    KvKey::new(format!("item/{item:04}")).map_err(|error| error.to_string().into())
}

/// A value as the deeds that it is put together of; `None`: there is none.
type Content = Option<Vec<(u64, usize)>>;

/// What is known of each item.
#[derive(Default)]
pub(super) struct Ledger {
    items: BTreeMap<usize, Item>,
    acknowledged: u64,
    unacknowledged: u64,
    last: u64,
}

#[derive(Default)]
struct Item {
    certain: Content,
    /// What it would be if the deed that has begun were done.
    possible: Option<Content>,
}

impl Ledger {
    pub(super) fn acknowledged(&self) -> u64 {
        self.acknowledged
    }

    pub(super) fn unacknowledged(&self) -> u64 {
        self.unacknowledged
    }

    /// The highest number of a deed.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    pub(super) fn note(&mut self, line: Line) {
        self.last = self.last.max(line.deed.number());
        let item = self.items.entry(line.item).or_default();
        let after = after(&item.certain, line.deed);
        match line.step {
            Step::Begun => item.possible = Some(after),
            Step::Acknowledged => {
                *item = Item { certain: after, possible: None };
                self.acknowledged += 1;
            }
        }
    }

    /// What is wrong in the file; what is found is certain from now on.
    pub(super) fn check(&mut self, engine: &DiskKv) -> Outcome<Vec<String>> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let mut wrong = Vec::new();
        for (number, item) in &mut self.items {
            let key = key(*number)?;
            let found = runtime.block_on(engine.get(&store(), &key, NOW_MS));
            let found = found.map_err(|error| error.chain())?;
            let found = found.map(|entry| entry.value.into_bytes());
            let is = |content: &Content| bytes(content).as_deref() == found.as_deref();
            let possible = item.possible.take();
            self.unacknowledged += u64::from(possible.is_some());
            match possible.filter(is) {
                Some(possible) => item.certain = possible,
                None if is(&item.certain) => {}
                None => wrong.push(format!("`{key}` is not what was acknowledged")),
            }
        }
        Ok(wrong)
    }
}

fn after(before: &Content, deed: Deed) -> Content {
    match deed {
        Deed::Overwrite(number, bytes) => Some(vec![(number, bytes)]),
        Deed::Append(number, bytes) => {
            let mut both = before.clone().unwrap_or_default();
            both.push((number, bytes));
            Some(both)
        }
        Deed::Delete(_) => None,
    }
}

fn bytes(value: &Content) -> Option<Vec<u8>> {
    let deeds = value.as_ref()?;
    Some(deeds.iter().flat_map(|(number, bytes)| content(*number, *bytes)).collect())
}
