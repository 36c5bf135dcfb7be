//! Background work in a test: it waits until the test lets it run, and then runs beside the test.

use std::{
    collections::VecDeque,
    panic::resume_unwind,
    sync::{Mutex, MutexGuard, PoisonError},
};

use selvedge::host::BoxFuture;
use selvedge_runtime::background::Background;
use tokio::task::JoinSet;

/// Work that was left, oldest first, and work that has begun.
#[derive(Default)]
pub(crate) struct Backlog(Mutex<Works>);

#[derive(Default)]
struct Works {
    left: VecDeque<BoxFuture<'static, ()>>,
    begun: JoinSet<()>,
}

/// What became of what was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Some of it has begun just now.
    Begun,
    /// Some of it is under way.
    UnderWay,
    /// There is none.
    Done,
}

impl Backlog {
    /// Begins what was left. A panic of what has ended since is the test's.
    pub(crate) fn begin(&self) -> Progress {
        let mut works = self.works();
        let left = std::mem::take(&mut works.left);
        let is_news = !left.is_empty();
        left.into_iter().for_each(|work| drop(works.begun.spawn(work)));
        let mut panicked = None;
        while let Some(ended) = works.begun.try_join_next() {
            panicked = ended.err().and_then(|error| error.try_into_panic().ok()).or(panicked);
        }
        let under_way = !works.begun.is_empty();
        drop(works);
        match (panicked, is_news, under_way) {
            (Some(panic), ..) => resume_unwind(panic),
            (None, true, _) => Progress::Begun,
            (None, false, true) => Progress::UnderWay,
            (None, false, false) => Progress::Done,
        }
    }

    fn works(&self) -> MutexGuard<'_, Works> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Background for Backlog {
    fn run(&self, work: BoxFuture<'static, ()>) {
        self.works().left.push_back(work);
    }

    fn promise(&self, work: BoxFuture<'static, ()>) {
        self.run(work);
    }

    fn promised(&self) -> usize {
        let works = self.works();
        works.left.len() + works.begun.len()
    }

    fn kept(&self) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}
