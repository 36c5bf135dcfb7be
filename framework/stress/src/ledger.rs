//! What was sent, asked, purged and seen, and what must not have been.
//!
//! Everything runs on one thread, so that "before" and "after" are the order in which it is written
//! here.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::{
    objects::{COUNT, Kind, kind},
    report::{Report, Violation},
};

/// How long a fetch may be on its way from the node to the origin: a purge that was answered so
/// shortly before the fetch arrived may still have come after the fetch began.
const ON_ITS_WAY: Duration = Duration::from_millis(500);

/// Violations that are told in words; of the others there is the number.
const TOLD: usize = 12;

/// One run's.
pub(crate) struct Ledger {
    objects: [Object; COUNT],
    counts: RefCell<BTreeMap<&'static str, u64>>,
    violations: RefCell<BTreeMap<Violation, (u64, Vec<String>)>>,
}

/// What is known of one object.
#[derive(Default)]
struct Object {
    versions: Cell<u64>,
    /// Versions up to this one were purged.
    floor: Cell<u64>,
    /// When each purge was answered, if it was.
    purges: RefCell<Vec<Option<Instant>>>,
    /// When each fetch arrived that has not ended.
    fetches: RefCell<Vec<Instant>>,
}

/// A purge that was sent and not answered yet.
pub(crate) struct Sent {
    object: usize,
    purge: usize,
    floor: u64,
}

/// A fetch that has not ended; it does when this is dropped.
pub(crate) struct Fetch {
    ledger: Rc<Ledger>,
    object: usize,
    arrived: Instant,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            objects: std::array::from_fn(|_| Object::default()),
            counts: RefCell::default(),
            violations: RefCell::default(),
        }
    }
}

impl Ledger {
    /// Counts something for the report.
    pub(crate) fn count(&self, what: &'static str) {
        *self.counts.borrow_mut().entry(what).or_default() += 1;
    }

    /// Notes what must not have happened.
    pub(crate) fn blame(&self, violation: Violation, what: String) {
        let mut violations = self.violations.borrow_mut();
        let (count, told) = violations.entry(violation).or_default();
        *count += 1;
        if told.len() < TOLD {
            told.push(what);
        }
    }

    /// The origin is asked for an object. Nobody else may be asking for it, unless a purge came
    /// in between.
    pub(crate) fn fetch(self: &Rc<Self>, object: usize) -> Fetch {
        let arrived = Instant::now();
        let Object { fetches, purges, .. } = &self.objects[object];
        let others = fetches.borrow().clone();
        if let Some(oldest) = others.iter().min()
            && kind(object) == Kind::Steady
        {
            let may_divide =
                |answered: &&Option<Instant>| answered.is_none_or(|at| at + ON_ITS_WAY > *oldest);
            let groups = 1 + purges.borrow().iter().filter(may_divide).count();
            if others.len() >= groups {
                let fetches = others.len() + 1;
                let ago = |at: &Instant| arrived.duration_since(*at).as_millis();
                let others: Vec<_> = others.iter().map(ago).collect();
                let purges: Vec<_> = purges.borrow().iter().rev().take(3).copied().collect();
                let purges: Vec<_> = purges.iter().map(|at| at.as_ref().map(ago)).collect();
                let what = format!(
                    "object {object}: {fetches} at once for at most {groups} groups; the others came \
                     {others:?} ms ago, the last purges were answered {purges:?} ms ago"
                );
                self.blame(Violation::SecondFetch, what);
            }
        }
        fetches.borrow_mut().push(arrived);
        Fetch { ledger: Rc::clone(self), object, arrived }
    }

    /// The next version of an object.
    pub(crate) fn next_version(&self, object: usize) -> u64 {
        let versions = &self.objects[object].versions;
        versions.set(versions.get() + 1);
        versions.get()
    }

    /// A purge is sent: whatever version there is by now will be gone when it is answered.
    pub(crate) fn purge_sent(&self, object: usize) -> Sent {
        let Object { versions, purges, .. } = &self.objects[object];
        purges.borrow_mut().push(None);
        Sent { object, purge: purges.borrow().len() - 1, floor: versions.get() }
    }

    /// A soft purge is sent: what is there may be served stale, but who comes after it waits for no fetch from before.
    pub(crate) fn soft_purge_sent(&self, object: usize) -> Sent {
        Sent { floor: 0, ..self.purge_sent(object) }
    }

    /// It was answered.
    pub(crate) fn purge_answered(&self, sent: &Sent) {
        let Object { floor, purges, .. } = &self.objects[sent.object];
        floor.set(floor.get().max(sent.floor));
        if let Some(answered) = purges.borrow_mut().get_mut(sent.purge) {
            *answered = Some(Instant::now());
        }
    }

    /// What a request that is sent now must not be answered with: any version up to this one.
    pub(crate) fn floor(&self, object: usize) -> u64 {
        self.objects[object].floor.get()
    }

    pub(crate) fn report(&self, seed: u64, took: Duration, memory: (u64, u64, u64)) -> Report {
        let (counts, violations) = (self.counts.take(), self.violations.take());
        Report { seed, took, memory, counts, violations }
    }
}

impl Drop for Fetch {
    fn drop(&mut self) {
        let mut fetches = self.ledger.objects[self.object].fetches.borrow_mut();
        if let Some(place) = fetches.iter().position(|arrived| *arrived == self.arrived) {
            fetches.remove(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second_fetches(ledger: &Ledger) -> u64 {
        ledger.violations.borrow().get(&Violation::SecondFetch).map_or(0, |(count, _)| *count)
    }

    #[test]
    fn one_fetch_at_a_time_unless_a_purge_divides_them() {
        let ledger = Rc::new(Ledger::default());
        drop(ledger.fetch(0));
        let first = ledger.fetch(0);
        assert_eq!(second_fetches(&ledger), 0);
        let sent = ledger.purge_sent(0);
        let second = ledger.fetch(0);
        assert_eq!(second_fetches(&ledger), 0);
        ledger.purge_answered(&sent);
        let third = ledger.fetch(0);
        assert_eq!(second_fetches(&ledger), 1);
        drop((first, second, third));
        drop(ledger.fetch(0));
        assert_eq!(second_fetches(&ledger), 1);
    }

    #[test]
    fn a_purge_takes_away_what_was_there_when_it_was_sent() {
        let ledger = Ledger::default();
        let old = ledger.next_version(0);
        let sent = ledger.purge_sent(0);
        let new = ledger.next_version(0);
        assert!(ledger.floor(0) < old);
        ledger.purge_answered(&sent);
        assert!(ledger.floor(0) == old && old < new);
    }
}
