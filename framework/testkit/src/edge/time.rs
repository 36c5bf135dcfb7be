//! Time in a test: it moves when the test says so, and stops wherever something is due.

use std::{panic::Location, time::Duration};

use selvedge_runtime::{
    backends::{due, next_ms},
    clock::Clock,
};
use tokio::task::yield_now;

use super::{Edge, Inner};
use crate::backlog::Progress;

/// So often everything that can go on may go on before it counts as waiting for the clock.
const TURNS: usize = 64;

impl Edge {
    /// Moves the clock. It stops wherever a health probe is due or somebody waits for it, lets go on what can go on, and
    /// runs the background work that earlier requests left; as far as an origin does not hold it up, all of that is done
    /// when this returns.
    #[track_caller]
    pub fn advance(&self, by: Duration) -> impl Future<Output = ()> + Send {
        let at = Location::caller();
        async move {
            let by_ms = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
            let until_ms = self.now_ms().saturating_add(by_ms);
            self.inner.take_turns().await;
            while let Some(at_ms) = self.inner.next_ms().filter(|at_ms| *at_ms <= until_ms) {
                self.inner.move_to(at_ms).await;
            }
            self.inner.move_to(until_ms).await;
            self.inner.settle().await;
            self.inner.strict.check(Some(at));
        }
    }

    /// Runs the background work that earlier requests left, and lets requests that have [begun](crate::Ask::begin) go on,
    /// as far as no origin holds them up. The clock stays where it is.
    #[track_caller]
    pub fn settle(&self) -> impl Future<Output = ()> + Send {
        let at = Location::caller();
        async move {
            self.inner.settle().await;
            self.inner.strict.check(Some(at));
        }
    }
}

impl Inner {
    /// When the clock has to stop next.
    fn next_ms(&self) -> Option<u64> {
        let probe = next_ms(&self.entrance.worlds.now());
        [probe, self.clock.next_wake_ms()].into_iter().flatten().min()
    }

    /// What is under way at a time is done before the clock goes on, as far as it waits for nothing.
    async fn move_to(&self, at_ms: u64) {
        self.clock.advance(Duration::from_millis(at_ms.saturating_sub(self.clock.now_ms())));
        due(&self.entrance.edge()).into_iter().for_each(|probe| drop(tokio::spawn(probe)));
        self.take_turns().await;
    }

    async fn take_turns(&self) {
        for _ in 0..TURNS {
            yield_now().await;
        }
    }

    /// Work that is held up by an origin has done what it can after so many turns; other work has when it is done.
    async fn settle(&self) {
        let mut turns = 0;
        loop {
            match self.backlog.begin() {
                Progress::Begun => turns = 0,
                Progress::UnderWay if turns < TURNS || !self.stage.holds_any() => turns += 1,
                Progress::Done if turns < TURNS => turns += 1,
                Progress::UnderWay | Progress::Done => return,
            }
            yield_now().await;
        }
    }
}
