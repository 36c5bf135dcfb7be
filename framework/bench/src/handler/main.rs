//! Handlers through a node, beside a bare hyper server that sends the same bytes.
//!
//! One handler says hello, the other reads a page of 1 KiB from a KV store, which the POP has read before. Each is served
//! by a node of its own, and each has a bare server beside it; all are asked by the same clients, in turns. The ratios of
//! the medians are shown, never asserted.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use selvedge_bench::{
    HOST, Outcome, bare,
    child::Server,
    flags::{self, Flags},
    load::{Idle, ask, one},
    node,
    samples::Samples,
    targets::{Target, Targets},
};

/// Handlers do not look at what they are asked for.
const ANY: Target = Target { size: 0, number: 0 };
const PAGE_BYTES: usize = 1024;
const SHELF_MIB: u64 = 64;

/// A handler, and the share of a bare server's throughput that it should have.
const HANDLERS: [(&str, f64); 2] = [("hello", 0.9), ("page", 0.7)];

fn main() -> ExitCode {
    match flags::parse().and_then(|flags| run(&flags)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A handler's node and the server beside it.
struct Pair {
    node: Server,
    bare: SocketAddr,
    of_node: Samples,
    of_bare: Samples,
}

fn run(flags: &Flags) -> Outcome<()> {
    let binary = binary(&flags.selvedge)?;
    let threads = std::thread::available_parallelism()?.get();
    let pair = |(handler, _): &(&str, f64)| pair(&binary, handler, threads);
    let mut pairs = HANDLERS.iter().map(pair).collect::<Outcome<Vec<_>>>()?;
    println!(
        "{} rounds of {:.1} s each, {} connections from one thread, {threads} cores",
        flags.rounds,
        flags.round.as_secs_f64(),
        flags.connections,
    );
    for Pair { node, bare, .. } in &pairs {
        // Connections, allocators and branch predictors get warm.
        for address in [node.address, *bare] {
            per_second(address, flags, flags.round / 2)?;
        }
    }
    for _ in 0..flags.rounds {
        for Pair { node, bare, of_node, of_bare } in &mut pairs {
            of_node.add(per_second(node.address, flags, flags.round)?);
            of_bare.add(per_second(*bare, flags, flags.round)?);
        }
    }
    println!("{:<20}{:>10}{:>10}{:>10}  requests/s", "", "min", "median", "max");
    for ((handler, aim), Pair { of_node, of_bare, .. }) in HANDLERS.iter().zip(&pairs) {
        row(&format!("handler `{handler}`"), of_node);
        row("bare hyper", of_bare);
        let ratio = of_node.median() / of_bare.median();
        println!("ratio of medians: {ratio:.2} (aim: {aim})");
    }
    Ok(())
}

/// The node with the handlers lies beside this program; only `--selvedge` says where binaries are, if it does not.
fn binary(selvedge: &Path) -> Outcome<PathBuf> {
    let mine = std::env::current_exe()?.with_file_name("bench-handler-node");
    let named = selvedge.with_file_name("bench-handler-node");
    let found = [mine, named].into_iter().find(|path| path.exists());
    found.ok_or_else(|| "`bench-handler-node` is not built; `cargo xtask bench` builds it".into())
}

fn pair(binary: &Path, handler: &str, threads: usize) -> Outcome<Pair> {
    let node = node::start_with(binary, &manifest(handler), SHELF_MIB, None)?;
    let answer = one(node.address, ANY)?;
    let bare = bare::serve(move |_: &_| answer.response(), &vec![None; threads])?.address;
    let (of_node, of_bare) = (Samples::default(), Samples::default());
    Ok(Pair { node, bare, of_node, of_bare })
}

fn per_second(address: SocketAddr, flags: &Flags, time: std::time::Duration) -> Outcome<f64> {
    let mut any = Targets::any(ANY.size, 1);
    Ok(ask(address, flags.connections, &mut any, Some(time), Idle::Sleep)?.per_second)
}

fn row(name: &str, samples: &Samples) {
    let (min, median, max) = (samples.min(), samples.median(), samples.max());
    println!("{name:<20}{min:>10.0}{median:>10.0}{max:>10.0}");
}

fn manifest(handler: &str) -> String {
    let page = "x".repeat(PAGE_BYTES);
    format!(
        r#"manifest_version = 1
name = "bench"

[pops.LHR]

[kv_stores.pages]
items = [{{ key = "page", data = "{page}" }}]

[services.bench]
type = "compute"
handler = "{handler}"
domains = ["{HOST}"]
links.pages = {{ kv_store = "pages" }}
"#
    )
}
