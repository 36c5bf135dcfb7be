//! Bytes taken of a budget, as values: they are given back when the value is dropped, on whatever thread.

use std::sync::{Arc, OnceLock};

use super::budget::Budget;
use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Bytes that were taken of a shelf's budget; dropping it gives them back.
#[derive(Debug)]
#[must_use = "dropping it gives the bytes back"]
pub struct Charge {
    budget: Arc<Budget>,
    bytes: u64,
}

impl Charge {
    /// No bytes of a budget.
    pub(super) fn none(budget: &Arc<Budget>) -> Self {
        Self { budget: Arc::clone(budget), bytes: 0 }
    }

    /// All of `bytes`, if the budget has them left.
    pub(super) fn take(budget: &Arc<Budget>, bytes: u64) -> Option<Self> {
        budget.try_take(bytes).then(|| Self { budget: Arc::clone(budget), bytes })
    }

    /// How many bytes they are.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Both as one; they are of the same budget.
    pub(super) fn add(&mut self, mut other: Self) {
        self.bytes += std::mem::take(&mut other.bytes);
    }

    /// Gives a part back and says how much it was.
    pub(super) fn give_back(&mut self, bytes: u64) -> u64 {
        let back = bytes.min(self.bytes);
        self.bytes -= back;
        self.budget.give_back(back);
        back
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.budget.give_back(self.bytes);
    }
}

/// The budget that something is charged to, from when it is first put on a shelf until its last holder drops it and
/// [gives back](Self::give_back) what it was charged. What was never on a shelf takes nothing.
#[derive(Debug, Default)]
pub(crate) struct Payer(OnceLock<Arc<Budget>>);

impl Payer {
    /// Takes out of the charge what is lacking of `size`, as far as that reaches; of two threads that do so at once, the
    /// second finds nothing missing. What is charged to another shelf stays so.
    pub(crate) fn settle(&self, charged: &impl Charged, charge: &mut Charge, size: u64) {
        let budget = self.0.get_or_init(|| Arc::clone(&charge.budget));
        if !Arc::ptr_eq(budget, &charge.budget) {
            return;
        }
        let paid = |charged: u64| size.saturating_sub(charged).min(charge.bytes);
        let before = charged.update(|charged| charged + paid(charged));
        charge.bytes -= paid(before);
    }

    /// Counts bytes among what lies on the shelf. Only what is fully charged does, so both ways it is the same number.
    pub(crate) fn shelve(&self, charged: u64) {
        if let Some(budget) = self.0.get() {
            budget.shelve(charged);
        }
    }

    pub(crate) fn unshelve(&self, charged: u64) {
        if let Some(budget) = self.0.get() {
            budget.unshelve(charged);
        }
    }

    /// All that was charged, as a charge for somebody else.
    pub(crate) fn hand_over(&self, charged: &impl Charged) -> Option<Charge> {
        let budget = Arc::clone(self.0.get()?);
        Some(Charge { budget, bytes: charged.update(|_| 0) })
    }

    pub(crate) fn give_back(&self, charged: u64) {
        if let Some(budget) = self.0.get() {
            budget.give_back(charged);
        }
    }
}

/// How much something was charged, in as few bytes as it may need.
pub(crate) trait Charged {
    /// In bytes.
    fn get(&self) -> u64;

    /// Changes it, and says what it was before.
    fn update(&self, to: impl Fn(u64) -> u64) -> u64;
}

impl Charged for AtomicU64 {
    fn get(&self) -> u64 {
        self.load(Ordering::Relaxed)
    }

    fn update(&self, to: impl Fn(u64) -> u64) -> u64 {
        let changed = |charged| Some(to(charged));
        // It is always changed.
        self.fetch_update(Ordering::Relaxed, Ordering::Relaxed, changed).unwrap_or_default()
    }
}

/// For what takes less than 4 GiB.
impl Charged for AtomicU32 {
    fn get(&self) -> u64 {
        self.load(Ordering::Relaxed).into()
    }

    fn update(&self, to: impl Fn(u64) -> u64) -> u64 {
        let changed = |charged: u32| Some(u32::try_from(to(charged.into())).unwrap_or(u32::MAX));
        self.fetch_update(Ordering::Relaxed, Ordering::Relaxed, changed).unwrap_or_default().into()
    }
}
