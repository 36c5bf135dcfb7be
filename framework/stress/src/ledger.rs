//! What was sent, asked, purged and seen, and what must not have been.
//!
//! Everything runs on one thread, so that "before" and "after" are the order in which it is written
//! here. No verdict looks at a clock: a machine that is busy with other things delays, and reorders
//! nothing.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use crate::{
    objects::{COUNT, Kind, kind},
    report::{Report, Violation},
};

/// Violations that are told in words; of the others there is the number.
const TOLD: usize = 12;

/// When something happened, among all that happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) u64);

/// One run's.
pub(crate) struct Ledger {
    last: Cell<u64>,
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
    purges: RefCell<Vec<Option<Moment>>>,
    /// The fetches that arrived and have not ended.
    fetches: RefCell<Vec<Arrived>>,
}

/// A fetch at the origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Arrived {
    at: Moment,
    /// When the request was sent that the node asks for. When the fetch began is not known here, but
    /// it was not before.
    wanted: Moment,
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
    arrived: Arrived,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            last: Cell::default(),
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

    /// Now; whatever is written later is after it.
    pub(crate) fn now(&self) -> Moment {
        self.last.set(self.last.get() + 1);
        Moment(self.last.get())
    }

    /// The origin is asked for an object, on behalf of a request that was sent at `wanted`. Nobody else
    /// may be asking for it, unless a purge came in between.
    pub(crate) fn fetch(self: &Rc<Self>, object: usize, wanted: Moment) -> Fetch {
        let arrived = Arrived { at: self.now(), wanted };
        let fetches = &self.objects[object].fetches;
        fetches.borrow_mut().push(arrived);
        if kind(object) == Kind::Steady {
            self.judge(object, &fetches.borrow());
        }
        Fetch { ledger: Rc::clone(self), object, arrived }
    }

    /// A purge divides fetches only if it was not answered before the first of them may have begun.
    fn judge(&self, object: usize, fetches: &[Arrived]) {
        let Some(first) = fetches.iter().map(|fetch| fetch.wanted).min() else { return };
        let purges = self.objects[object].purges.borrow();
        let may_divide = |answered: &&Option<Moment>| answered.is_none_or(|at| at > first);
        let groups = 1 + purges.iter().filter(may_divide).count();
        if fetches.len() > groups {
            let last: Vec<_> = purges.iter().rev().take(3).collect();
            let what = format!(
                "object {object}: more than {groups} at once, {fetches:?}; the last purges were \
                 answered at {last:?}"
            );
            self.blame(Violation::SecondFetch, what);
        }
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
            *answered = Some(self.now());
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
        drop(ledger.fetch(1, ledger.now()));
        let first = ledger.fetch(1, ledger.now());
        assert_eq!(second_fetches(&ledger), 0);
        let sent = ledger.purge_sent(1);
        let second = ledger.fetch(1, ledger.now());
        assert_eq!(second_fetches(&ledger), 0);
        ledger.purge_answered(&sent);
        let third = ledger.fetch(1, ledger.now());
        assert_eq!(second_fetches(&ledger), 1);
        drop((first, second, third));
        drop(ledger.fetch(1, ledger.now()));
        assert_eq!(second_fetches(&ledger), 1);
    }

    #[test]
    fn a_fetch_may_have_begun_before_a_purge_that_was_answered_before_it_arrived() {
        let ledger = Rc::new(Ledger::default());
        let (early, sent) = (ledger.now(), ledger.purge_sent(1));
        ledger.purge_answered(&sent);
        let (late, later) = (ledger.now(), ledger.now());
        let both = (ledger.fetch(1, late), ledger.fetch(1, early));
        assert_eq!(second_fetches(&ledger), 0);
        drop(both);
        let _both = (ledger.fetch(1, late), ledger.fetch(1, later));
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
