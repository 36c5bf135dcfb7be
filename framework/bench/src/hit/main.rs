//! A cache hit through `selvedge serve`, beside a bare hyper server that sends the same bytes.
//!
//! Both servers run one reactor per core and are asked by the same clients, in turns, so that
//! whatever else the machine does falls on both. The ratio of the medians is what a hit costs
//! compared with the least that an HTTP server can do; it is shown, never asserted.

use std::process::ExitCode;
use std::time::Duration;

mod answer;
mod bare;
mod flags;
mod load;
mod node;
mod table;

use crate::answer::{Answer, BODY_BYTES};
use crate::flags::Flags;

/// What can go wrong, for the person at the terminal.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

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
    let origin = bare::serve(Answer::of_origin(), 1)?;
    let node = node::Node::start(&flags.selvedge, origin)?;
    load::seconds(node.address, 1, Duration::from_millis(200))?;
    let hit = load::one(node.address)?;
    hit.must_be_a_hit()?;
    let bare = bare::serve(hit, threads)?;

    println!(
        "{} rounds of {:.1} s each, {} connections from one thread, {threads} cores, {BODY_BYTES} bytes",
        flags.rounds,
        flags.round.as_secs_f64(),
        flags.connections,
    );
    let (mut of_node, mut of_bare) = (Vec::new(), Vec::new());
    for address in [node.address, bare] {
        // Connections, allocators and branch predictors get warm.
        load::seconds(address, flags.connections, flags.round / 2)?;
    }
    for _ in 0..flags.rounds {
        of_node.push(load::seconds(node.address, flags.connections, flags.round)?);
        of_bare.push(load::seconds(bare, flags.connections, flags.round)?);
    }
    print!("{}", table::text(&[("selvedge, hit", &of_node), ("bare hyper", &of_bare)]));
    Ok(())
}
