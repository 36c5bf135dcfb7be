//! Hits of one object, in three sizes. The ceiling sends the very bytes that the node sends.

use selvedge_bench::{
    Outcome, bare,
    load::one,
    targets::{Target, Targets},
};

use crate::{
    Bench,
    race::{Runner, race},
    table::{self, Ratios},
};

const SIZES: [(&str, usize); 3] =
    [("hit, 1 KiB", 1024), ("hit, 64 KiB", 64 * 1024), ("hit, 1 MiB", 1024 * 1024)];

pub(crate) fn run(bench: &Bench<'_>, ratios: &mut Ratios) -> Outcome<()> {
    let caches = bench.caches()?;
    for (name, size) in SIZES {
        let (page, targets) = (Target { size, number: 0 }, Targets::any(size, 1));
        for (_, server) in &caches {
            one(server.address, page)?;
        }
        let hit = one(caches[0].1.address, page)?;
        hit.must_be_a_hit()?;
        let bare = bare::serve(move |_: &_| hit.response(), &[Some(bench.core)])?;
        let mut runners: Vec<Runner> =
            caches.iter().map(|(name, server)| Runner::of(name, server, targets.clone())).collect();
        runners.push(Runner::bare(bare, targets));
        let rows = bench.only_hits(|| race(&runners, bench.flags))?;
        print!("{}", table::text(name, &rows));
        ratios.add(name, &rows);
    }
    Ok(())
}
