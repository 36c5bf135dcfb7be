//! A cache hit through `selvedge serve`, beside a bare hyper server that sends the same bytes.
//!
//! Both servers run one reactor per core and are asked by the same clients, in turns, so that
//! whatever else the machine does falls on both. The ratio of the medians is what a hit costs
//! compared with the least that an HTTP server can do; it is shown, never asserted. `bench-cache`
//! measures more, and other servers too; this is the quick look.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use selvedge_bench::{
    Outcome, bare,
    flags::{self, Flags},
    load::{Idle, ask, one},
    node,
    origin::Origin,
    samples::Samples,
    targets::{Target, Targets},
};

mod table;

const PAGE: Target = Target { size: 1024, number: 0 };
const SHELF_MIB: u64 = 64;

fn main() -> ExitCode {
    match flags::parse().and_then(|flags| run(&flags)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(flags: &Flags) -> Outcome<()> {
    let threads = std::thread::available_parallelism()?.get();
    let origin = Origin::start(None)?;
    let node = node::start(&flags.selvedge, origin.address, SHELF_MIB, None)?;
    one(node.address, PAGE)?;
    let hit = one(node.address, PAGE)?;
    hit.must_be_a_hit()?;
    let bare = bare::serve(move |_: &_| hit.response(), &vec![None; threads])?.address;

    println!(
        "{} rounds of {:.1} s each, {} connections from one thread, {threads} cores, {} bytes",
        flags.rounds,
        flags.round.as_secs_f64(),
        flags.connections,
        PAGE.size,
    );
    let (mut of_node, mut of_bare) = (Samples::default(), Samples::default());
    for address in [node.address, bare] {
        // Connections, allocators and branch predictors get warm.
        per_second(address, flags, flags.round / 2)?;
    }
    for _ in 0..flags.rounds {
        of_node.add(per_second(node.address, flags, flags.round)?);
        of_bare.add(per_second(bare, flags, flags.round)?);
    }
    print!("{}", table::text(&[("selvedge, hit", &of_node), ("bare hyper", &of_bare)]));
    Ok(())
}

fn per_second(address: SocketAddr, flags: &Flags, time: Duration) -> Outcome<f64> {
    let mut page = Targets::any(PAGE.size, 1);
    Ok(ask(address, flags.connections, &mut page, Some(time), Idle::Sleep)?.per_second)
}
