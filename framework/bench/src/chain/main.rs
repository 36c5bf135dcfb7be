//! A hit behind a second service, signed with one-time tokens, beside the same hit served directly.
//!
//! One node serves the object from its only service; the other passes each request through a service that looks nothing
//! up, signs it, and hands it to a second service in the process, which checks the token and has the object. Both are asked
//! by the same clients, in turns. The difference of their median latencies at one request under way is what the chain
//! adds; what a token costs by itself is measured without a node.

use std::net::SocketAddr;
use std::process::ExitCode;

use selvedge_bench::{
    HOST, Outcome,
    flags::{self, Flags},
    load::{Idle, Measured, ask, one},
    node,
    origin::Origin,
    samples::Samples,
    targets::{Target, Targets},
};

mod token;

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
    println!("one-time token, signed, checked and remembered: {:.2} us", token::microseconds()?);
    let origin = Origin::start(None)?;
    let direct = node::start(&flags.selvedge, origin.address, SHELF_MIB, None)?;
    let chained = node::start_with(&flags.selvedge, &manifest(origin.address), SHELF_MIB, None)?;
    for address in [direct.address, chained.address] {
        one(address, PAGE)?;
        asked(address, flags.connections, flags)?;
    }
    // The node of the chain has passed the first service and hit in the second.
    let hit = one(chained.address, PAGE)?;
    hit.must_be_a_hit()?;
    one(direct.address, PAGE)?.must_be_a_hit()?;
    let throughput = rounds(&[direct.address, chained.address], flags, flags.connections)?;
    let latency = rounds(&[direct.address, chained.address], flags, 1)?;
    println!("{} rounds of {:.1} s each, 1 KiB hits", flags.rounds, flags.round.as_secs_f64());
    println!("{:<28}{:>14}{:>14}", "", "direct", "chained");
    let per_second = |side: &Side| side.per_second.median();
    println!(
        "{:<28}{:>14.0}{:>14.0}",
        format!("requests/s, {} clients", flags.connections),
        per_second(&throughput[0]),
        per_second(&throughput[1])
    );
    let p50 = |side: &Side| side.p50_us.median();
    println!("{:<28}{:>14.1}{:>14.1}", "p50 us, 1 client", p50(&latency[0]), p50(&latency[1]));
    println!(
        "ratio of throughputs: {:.2}",
        per_second(&throughput[1]) / per_second(&throughput[0])
    );
    println!("added p50: {:.1} us", p50(&latency[1]) - p50(&latency[0]));
    Ok(())
}

/// What was measured of one node.
#[derive(Default)]
struct Side {
    per_second: Samples,
    p50_us: Samples,
}

fn rounds(addresses: &[SocketAddr; 2], flags: &Flags, connections: usize) -> Outcome<[Side; 2]> {
    let mut sides = [Side::default(), Side::default()];
    for _ in 0..flags.rounds {
        for (address, side) in addresses.iter().zip(&mut sides) {
            let measured = asked(*address, connections, flags)?;
            side.per_second.add(measured.per_second);
            side.p50_us.add(measured.latencies.quantile_us(0.5));
        }
    }
    Ok(sides)
}

fn asked(address: SocketAddr, connections: usize, flags: &Flags) -> Outcome<Measured> {
    let mut page = Targets::any(PAGE.size, 1);
    ask(address, connections, &mut page, Some(flags.round), Idle::Sleep)
}

fn manifest(origin: SocketAddr) -> String {
    format!(
        r#"manifest_version = 1
name = "bench"

[pops.LHR]
[config_stores.settings]
contents = {{ edge_auth_secret_id = "1" }}
[secret_stores.keys]
items = [{{ key = "1", generate = 32 }}]

[services.front]
type = "delivery"
domains = ["{HOST}"]
links = {{ config = {{ config_store = "settings" }}, secrets = {{ secret_store = "keys" }} }}
[services.front.backends.back]
service = "back"
chain_auth = {{ config = "config", secrets = "secrets" }}
[[services.front.rules]]
then = {{ pass = true }}

[services.back]
type = "delivery"
domains = ["back.localhost"]
links = {{ config = {{ config_store = "settings" }}, secrets = {{ secret_store = "keys" }} }}
require_chain_auth = {{ config = "config", secrets = "secrets", nonces = 16777216 }}
[services.back.backends.origin]
url = "http://{origin}"
"#
    )
}
