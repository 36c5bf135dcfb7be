//! Bytes taken of a budget, as values: they are given back when the value is dropped, on whatever thread.

use std::sync::{Arc, OnceLock};

use super::budget::Budget;
use crate::sync::atomic::{AtomicU64, Ordering};

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

/// What something takes of a budget, from when it is first put on a shelf until its last holder drops it. One that was
/// never on a shelf takes nothing.
#[derive(Debug, Default)]
pub(crate) struct Account {
    budget: OnceLock<Arc<Budget>>,
    charged: AtomicU64,
}

impl Account {
    pub(crate) fn charged(&self) -> u64 {
        self.charged.load(Ordering::Relaxed)
    }

    /// What it lacks of `size`.
    pub(crate) fn missing(&self, size: u64) -> u64 {
        size.saturating_sub(self.charged())
    }

    /// Takes out of the charge what it lacks of `size`, as far as that reaches; of two threads that do so at once, the
    /// second finds nothing missing. What has an account with another shelf stays in that.
    pub(crate) fn settle(&self, charge: &mut Charge, size: u64) {
        self.settle_for(&self.charged, charge, size);
    }

    /// The same for something that is charged in the name of this account, so that it needs none of its own.
    pub(crate) fn settle_for(&self, charged: &AtomicU64, charge: &mut Charge, size: u64) {
        let budget = self.budget.get_or_init(|| Arc::clone(&charge.budget));
        if !Arc::ptr_eq(budget, &charge.budget) {
            return;
        }
        let paid = |charged: u64| size.saturating_sub(charged).min(charge.bytes);
        let raise = |charged: u64| Some(charged + paid(charged));
        let before = charged.fetch_update(Ordering::Relaxed, Ordering::Relaxed, raise);
        charge.bytes -= before.map_or(0, paid);
    }

    /// Counts it among what lies on the shelf. Only what is fully charged does, so both ways it is the same number.
    pub(crate) fn shelve(&self) {
        self.shelve_for(self.charged());
    }

    pub(crate) fn shelve_for(&self, charged: u64) {
        if let Some(budget) = self.budget.get() {
            budget.shelve(charged);
        }
    }

    pub(crate) fn unshelve(&self) {
        self.unshelve_for(self.charged());
    }

    pub(crate) fn unshelve_for(&self, charged: u64) {
        if let Some(budget) = self.budget.get() {
            budget.unshelve(charged);
        }
    }

    /// Gives back what something was charged in the name of this account.
    pub(crate) fn give_back_for(&self, charged: u64) {
        if let Some(budget) = self.budget.get() {
            budget.give_back(charged);
        }
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        self.give_back_for(self.charged());
    }
}
