//! Which core does what, and how busy it was with it.
//!
//! A measurement is of the server only while the server's core is the one that has no time left;
//! so what it computed is measured beside what it answered.

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
                family(root.as_raw_nonzero().get()).into_iter().map(|id| of(&format!("{id}"))).sum()
            }
            Self::Thread(id) => of(&format!("self/task/{}", id.as_raw_nonzero())),
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

/// Fields 14 and 15 of `stat` are ticks in the program and in the system; the name before them may
/// hold spaces, and ends at the last `)`.
fn of(place: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{place}/stat")).unwrap_or_default();
    let after = stat.rsplit_once(')').map(|(_, after)| after).unwrap_or_default();
    let ticks: u64 =
        after.split_whitespace().skip(11).take(2).filter_map(|it| it.parse::<u64>().ok()).sum();
    #[expect(clippy::cast_precision_loss, reason = "ticks of one run are far below 2^52")]
    let seconds = ticks as f64 / rustix::param::clock_ticks_per_second() as f64;
    seconds
}
