//! Huge pages for what a node keeps in memory, where the system leaves the choice to programs.
//!
//! A hit of one object among very many reads a few places anywhere in some gigabytes. With pages of 4 KiB it waits for the
//! tables of the pages as long as for the memory. The allocator of glibc asks for huge pages where its variable says so,
//! and only for the arena that it has from the start, while threads have arenas of their own. It reads the variable when a
//! program starts, so a node starts itself once more, with the variable set: the same process, files and arguments.
//!
//! What a node does is the same either way, and whoever sets the variable, to whatever, is left alone. What it means for
//! time and memory is told in docs/cache.md.

use std::{
    env, ffi::OsString, fs, os::unix::process::CommandExt as _, process::Command,
    thread::available_parallelism,
};

/// The variable that the allocator reads.
const VARIABLE: &str = "GLIBC_TUNABLES";

/// Says that a program was started anew. Where a program has more rights than who started it, the system takes
/// [`VARIABLE`] away, and it would go on for ever.
const ANEW: &str = "SELVEDGE_STARTED_ANEW";

/// Huge pages where the system gives them to whoever asks, and one arena for all threads.
const SETTINGS: &str = "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1";

/// Where the system says to whom it gives huge pages: one of the words is in brackets.
const SYSTEM: &str = "/sys/kernel/mm/transparent_hugepage/enabled";

/// So many cores at most have one arena. Threads keep small pieces of memory of their own, so that they seldom meet there;
/// of many threads some always would.
const CORES: usize = 4;

/// Why a node stays as it was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stays {
    /// The variable is set by somebody who knows better.
    Set,
    /// It was started anew.
    Anew,
    /// The system gives huge pages to nobody, or to all, or has none.
    NoChoice,
    /// There are too many cores for one arena.
    ManyCores,
}

/// Starts the program anew where that gives it huge pages, and comes back where it does not, or cannot be done.
pub(super) fn ask() {
    let system = fs::read_to_string(SYSTEM).unwrap_or_default();
    let cores = available_parallelism().map_or(1, usize::from);
    if check(|name| env::var_os(name), &system, cores).is_ok() {
        start_anew();
    }
}

fn check(
    variable: impl Fn(&str) -> Option<OsString>,
    system: &str,
    cores: usize,
) -> Result<(), Stays> {
    match variable(VARIABLE) {
        _ if variable(ANEW).is_some() => Err(Stays::Anew),
        Some(_) => Err(Stays::Set),
        None if !system.contains("[madvise]") => Err(Stays::NoChoice),
        None if cores > CORES => Err(Stays::ManyCores),
        None => Ok(()),
    }
}

/// By the path that it was started from, whose name the system shows. Comes back where that fails.
fn start_anew() {
    let (Ok(program), mut args) = (env::current_exe(), env::args_os()) else { return };
    let mut anew = Command::new(&program);
    anew.arg0(args.next().unwrap_or_else(|| program.into())).args(args);
    // It serves all the same, only slower where there are very many objects.
    let _failed = anew.env(VARIABLE, SETTINGS).env(ANEW, "1").exec();
}

#[cfg(test)]
mod tests;
