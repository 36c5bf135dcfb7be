//! One request of ten is for an object that nobody has asked for before; the others are for any of
//! the objects that are cached. What a miss brings is cached too, as it would be.

use selvedge_bench::{Outcome, load::Idle, targets::Targets};

use crate::{
    Bench, fill,
    race::{Runner, race},
    table::{self, Ratios},
};

const SIZE: usize = 1024;

pub(crate) fn run(bench: &Bench<'_>, ratios: &mut Ratios) -> Outcome<()> {
    let (caches, cached) = (bench.caches()?, bench.flags.cached);
    let mut runners = Vec::new();
    for (name, server) in &caches {
        fill(server.address, bench.flags.connections, SIZE, cached)?;
        runners.push(Runner::of(name, server, Targets::mixed(SIZE, cached)));
    }
    // The origin shares the clients' core.
    let rows = race(&mut runners, bench.flags, Idle::Sleep)?;
    let name = format!("mixed 90/10, 1 KiB, {cached} objects");
    print!("{}", table::text(&name, &rows));
    ratios.add(&name, &rows);
    Ok(())
}
