//! What a hit costs, and what an object takes in memory, as the shelf fills: one node for each
//! power of ten from a thousand objects up.
//!
//! `any` asks for any of the objects that are there: with many of them the processor's own caches
//! hold ever less of what is asked for. `same` asks for any of the same thousand, so that what is
//! left of the difference is the shelf's.

use selvedge_bench::{Outcome, child::Server, targets::Targets};

use crate::{
    Bench, fill, memory,
    race::{Runner, race},
    table,
};

const SIZE: usize = 1024;
const FEWEST: u32 = 3;
const SAME: u64 = 1000;

pub(crate) fn run(bench: &Bench<'_>) -> Outcome<()> {
    let mut nodes = Vec::new();
    for power in FEWEST..=bench.flags.powers {
        nodes.push(filled(bench, 10_u64.pow(power))?);
    }
    let name = |what: &str, count: &u64| format!("{what} of {count}");
    for (what, among) in [("any", None), ("same", Some(SAME))] {
        let mut runners: Vec<Runner> = nodes
            .iter()
            .map(|(count, node)| {
                let targets = Targets::any(SIZE, among.unwrap_or(*count));
                Runner::of(&name(what, count), node, targets)
            })
            .collect();
        let rows = bench.only_hits(|| race(&mut runners, bench.flags, bench.flags.idle))?;
        print!("{}", table::text("hit as the shelf fills, 1 KiB", &rows));
        print!("{}", table::costs(&rows));
    }
    print!("{}", memory::text(&nodes, SIZE));
    Ok(())
}

fn filled(bench: &Bench<'_>, count: u64) -> Outcome<(u64, Server)> {
    let node = bench.node()?;
    fill(node.address, bench.flags.connections, SIZE, count)?;
    Ok((count, node))
}
