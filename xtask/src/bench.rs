//! `cargo xtask bench`: builds the release binaries and lets `selvedge-bench` measure them; `build` measures cargo itself.

mod rebuild;

use std::path::Path;
use std::process::Command;

use crate::cargo::{cargo, run as run_command};
use crate::failure::Outcome;
use crate::flags::{Bench, Cache, Kv};
use crate::workspace::target_dir;

/// Runs the benchmarks that were asked for.
pub(crate) fn run(root: &Path, entry: &Bench) -> Outcome {
    if !matches!(entry, Bench::Build | Bench::Tests) {
        build(root)?;
    }
    match entry {
        Bench::All => {
            run_command(&mut program(root, "bench-hit"))?;
            run_command(&mut program(root, "bench-cache"))?;
            run_command(&mut program(root, "bench-chain"))?;
            run_command(&mut program(root, "bench-handler"))?;
            kv(root, &Kv::default())?;
            tests(root)?;
            rebuild::run(root)
        }
        Bench::Hit => run_command(&mut program(root, "bench-hit")),
        Bench::Chain => run_command(&mut program(root, "bench-chain")),
        Bench::Handler => run_command(&mut program(root, "bench-handler")),
        Bench::Tests => tests(root),
        Bench::Build => rebuild::run(root),
        Bench::Cache(flags) => cache(root, flags),
        Bench::Kv(flags) => kv(root, flags),
    }
}

/// The cache beside nginx, Varnish and a bare hyper server.
fn cache(root: &Path, flags: &Cache) -> Outcome {
    let mut bench = program(root, "bench-cache");
    bench.args(&flags.cases);
    for (flag, is_set) in [("--short", flags.short), ("--sleeping-clients", flags.sleeping_clients)]
    {
        bench.args(is_set.then_some(flag));
    }
    run_command(&mut bench)
}

/// The KV engine, and a POP's memory in front of it.
fn kv(root: &Path, flags: &Kv) -> Outcome {
    let mut bench = program(root, "bench-kv");
    for (flag, value) in [("--keys", &flags.keys), ("--dir", &flags.dir)] {
        bench.args(value.iter().flat_map(|value| [flag, value.as_str()]));
    }
    run_command(&mut bench)
}

/// Small tests are measured as they are built: without optimisation.
fn tests(root: &Path) -> Outcome {
    let package = ["run", "--package", "selvedge-bench", "--bin", "bench-tests"];
    run_command(cargo(root).args(package))
}

fn build(root: &Path) -> Outcome {
    run_command(cargo(root).args([
        "build",
        "--release",
        "--package",
        "selvedge-runtime",
        "--package",
        "selvedge-bench",
        "--bins",
    ]))
}

/// A benchmark that is told where the stock binary is.
fn program(root: &Path, name: &str) -> Command {
    let built = target_dir(root).join("release");
    let mut bench = Command::new(built.join(name));
    bench.arg("--selvedge").arg(built.join("selvedge"));
    bench
}
