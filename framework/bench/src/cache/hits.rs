//! Hits of one object, in three sizes, and of any of a thousand small ones, which is more like what caches do. The ceiling
//! sends the very bytes that the node sends.

use selvedge_bench::{
    Outcome, bare,
    load::one,
    targets::{Target, Targets},
};

use crate::{
    Bench, fill,
    race::{Runner, race},
    table::{self, Ratios},
};

/// A name, the size of the objects, and how many there are.
const CASES: [(&str, usize, u64); 4] = [
    ("hit, 1 KiB", 1024, 1),
    ("hit, 1 KiB, any of 1,000", 1024, 1000),
    ("hit, 64 KiB", 64 * 1024, 1),
    ("hit, 1 MiB", 1024 * 1024, 1),
];

pub(crate) fn run(bench: &Bench<'_>, ratios: &mut Ratios) -> Outcome<()> {
    let caches = bench.caches()?;
    for (name, size, count) in CASES {
        let (page, targets) = (Target { size, number: 0 }, Targets::any(size, count));
        for (_, server) in &caches {
            fill(server.address, bench.flags.connections, size, count)?;
        }
        let hit = one(caches[0].1.address, page)?;
        hit.must_be_a_hit()?;
        let bare = bare::serve(move |_: &_| hit.response(), &[Some(bench.core)])?;
        let mut runners: Vec<Runner> =
            caches.iter().map(|(name, server)| Runner::of(name, server, targets.clone())).collect();
        runners.push(Runner::bare(bare, targets));
        let rows = bench.only_hits(|| race(&mut runners, bench.flags, bench.flags.idle))?;
        print!("{}", table::text(name, &rows));
        ratios.add(name, &rows);
    }
    Ok(())
}
