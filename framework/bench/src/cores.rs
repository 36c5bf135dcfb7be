//! Which core does what, and how busy it was with it.
//!
//! A measurement is of the server only while the server's core is the one that has no time left;
//! so what it computed is measured beside what it answered.

use std::path::Path;
use std::time::Duration;

use rustix::process::Pid;
use rustix::thread::{CpuSet, gettid, sched_getaffinity, sched_setaffinity};

use crate::Outcome;

/// The number of a core.
pub type Core = usize;

/// One core for the servers, another for the clients and the origin.
///
/// # Errors
/// Where this process may use one core only.
pub fn two() -> Outcome<(Core, Core)> {
    let allowed = sched_getaffinity(None)?;
    let mut cores = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core));
    match (cores.next(), cores.next_back()) {
        (Some(clients), Some(servers)) => Ok((servers, clients)),
        _ => Err("a core for the server and another for its clients are needed".into()),
    }
}

/// Keeps the thread, and what it starts from now on, on one core; on any core without one.
///
/// # Errors
/// Where the system refuses.
pub fn pin(core: Option<Core>) -> Outcome<()> {
    let Some(core) = core else { return Ok(()) };
    let mut set = CpuSet::new();
    set.set(core);
    Ok(sched_setaffinity(None, &set)?)
}

/// Whose computing time is counted.
#[derive(Clone, Copy, Debug)]
pub enum Busy {
    /// A process and its descendants.
    Tree(Pid),
    /// A thread of this process.
    Thread(Pid),
}

impl Busy {
    /// The thread that calls.
    #[must_use]
    pub fn of_this_thread() -> Self {
        Self::Thread(gettid())
    }

    /// The seconds that were computed so far; what has ended meanwhile counts nothing.
    #[must_use]
    pub fn seconds(self) -> f64 {
        match self {
            Self::Tree(root) => {
                family(root.as_raw_nonzero().get()).into_iter().map(of_process).sum()
            }
            Self::Thread(id) => {
                of_thread(Path::new(&format!("/proc/self/task/{}", id.as_raw_nonzero())))
            }
        }
    }
}

/// A process and all its descendants.
#[must_use]
pub fn family(root: i32) -> Vec<i32> {
    let threads = std::fs::read_dir(format!("/proc/{root}/task")).into_iter().flatten().flatten();
    let lists = threads.filter_map(|it| std::fs::read_to_string(it.path().join("children")).ok());
    let children: Vec<i32> = lists
        .flat_map(|list| list.split(' ').filter_map(|id| id.parse().ok()).collect::<Vec<_>>())
        .collect();
    std::iter::once(root).chain(children.into_iter().flat_map(family)).collect()
}

fn of_process(id: i32) -> f64 {
    let threads = std::fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    threads.map(|thread| of_thread(&thread.path())).sum()
}

/// The first number of `schedstat` is the time on a core in nanoseconds. A kernel without it tells
/// nothing, and then every server looks idle.
fn of_thread(place: &Path) -> f64 {
    let told = std::fs::read_to_string(place.join("schedstat")).unwrap_or_default();
    let nanoseconds = told.split_whitespace().next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default()).as_secs_f64()
}
