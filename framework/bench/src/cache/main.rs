//! The cache of `selvedge serve`, beside nginx, Varnish and a bare hyper server with the same bytes.
//!
//! Every server has one core, and its clients and its origin share another. The servers are asked
//! in turns, so that whatever else the machine does falls on all of them. Ratios are of medians;
//! they are shown, never asserted. A peer that is not installed is named as absent.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use selvedge_bench::{
    Outcome,
    child::{Server, program},
    cores::{self, Core, pin},
    load::{Idle, ask},
    nginx::{self, Files},
    node,
    origin::Origin,
    targets::Targets,
    varnish,
};

mod flags;
mod hits;
mod memory;
mod mixed;
mod race;
mod scale;
mod table;

use crate::flags::{Case, Flags};
use crate::table::Ratios;

/// As it is fastest, and as it comes.
const NGINX: [(&str, Files); 2] =
    [("nginx", Files::KeptOpen), ("nginx as it comes", Files::Opened)];

/// Room for all objects of a measurement, so that nothing is evicted.
const SHELF_MIB: u64 = 8 * 1024;

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
    let (servers, clients) = cores::two()?;
    pin(Some(clients))?;
    let bench = Bench { flags, origin: Origin::start(Some(clients))?, core: servers };
    println!(
        "{} rounds of {:.1} s each, {} connections; servers on core {servers}, clients and origin on core {clients}",
        flags.rounds,
        flags.round.as_secs_f64(),
        flags.connections,
    );
    let mut ratios = Ratios::default();
    for case in &flags.cases {
        match case {
            Case::Hits => hits::run(&bench, &mut ratios)?,
            Case::Mixed => mixed::run(&bench, &mut ratios)?,
            Case::Scale => scale::run(&bench)?,
        }
    }
    print!("{ratios}");
    Ok(())
}

/// What all cases share.
struct Bench<'a> {
    flags: &'a Flags,
    origin: Origin,
    /// The servers' core.
    core: Core,
}

impl Bench<'_> {
    fn node(&self) -> Outcome<Server> {
        self.build(&self.flags.selvedge)
    }

    fn build(&self, binary: &Path) -> Outcome<Server> {
        node::start(binary, self.origin.address, SHELF_MIB, Some(self.core))
    }

    /// The node, another build of it where one is named, and every peer that is installed.
    fn caches(&self) -> Outcome<Vec<(&'static str, Server)>> {
        let mut caches = vec![("selvedge", self.node()?)];
        if let Some(binary) = &self.flags.beside {
            caches.push(("another build", self.build(binary)?));
        }
        let (origin, core) = (self.origin.address, Some(self.core));
        if let Some(binary) = found("nginx", "nginx") {
            for (name, files) in NGINX {
                caches.push((name, nginx::start(&binary, files, origin, core)?));
            }
        }
        if let Some(binary) = found("varnishd", "Varnish") {
            caches.push(("varnish", varnish::start(&binary, origin, core)?));
        }
        Ok(caches)
    }

    /// Refuses a measurement of hits in which the origin was asked.
    fn only_hits<T>(&self, measure: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        let before = self.origin.asked();
        let measured = measure()?;
        match self.origin.asked() - before {
            0 => Ok(measured),
            asked => Err(format!("{asked} of the hits went to the origin").into()),
        }
    }
}

fn found(name: &str, shown: &str) -> Option<std::path::PathBuf> {
    let found = program(name);
    if found.is_none() {
        println!("absent: {shown} (`{name}` is not installed)");
    }
    found
}

/// Has a cache keep the objects from 0 up to `count`.
fn fill(address: SocketAddr, connections: usize, size: usize, count: u64) -> Outcome<()> {
    ask(address, connections, &mut Targets::each(size, count), None, Idle::Sleep).map(drop)
}
