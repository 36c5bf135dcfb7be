//! A node under a thousand clients: what must hold while everything goes wrong around it.
//!
//! A real node is asked over sockets for fifty objects, which are purged at random, by an origin
//! that fails, breaks off, refuses and dawdles, for clients of which some read slowly and some
//! leave. Whatever happens: no answer has a wrong body, or one that a purge had taken away before
//! the request was sent; every request ends; the node's memory stays within its bound; and the
//! origin is asked once for what many want. It is no benchmark: nothing here is told to be fast.
//!
//! The seed repeats every choice that is made here, not the order in which the machine runs things.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::LocalSet;

pub mod crash;
mod client;
mod content;
pub mod flood;
mod ledger;
mod node;
mod objects;
mod origin;
mod purge;
mod report;

pub use crate::report::{Report, Violation};
use crate::{client::Manner, ledger::Ledger, node::Node};

/// What can go wrong with the run itself; what the node does wrong is in the [`Report`].
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// One run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The stock binary.
    pub selvedge: PathBuf,
    /// How long requests are sent.
    pub time: Duration,
    /// How many connections the clients have.
    pub clients: usize,
    /// Which run to repeat.
    pub seed: u64,
    /// Where the node is.
    pub pops: Pops,
}

/// Where a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pops {
    /// In one POP.
    One,
    /// In two, of which one is the shield of the other: they share the memory for objects, and what is purged in the one
    /// may be on its way from the other.
    Shielded,
}

/// The node's memory for objects.
pub(crate) const SHELF_MIB: u64 = 64;

/// What a connection may take of the node's memory.
const PER_CONNECTION: u64 = 64 * 1024;

/// One client of so many reads slowly.
const SLOW_ONE_OF: usize = 20;

/// Runs it to its end.
///
/// # Errors
/// Where the node cannot be started or watched.
pub fn run(settings: &Settings) -> Outcome<Report> {
    node::allow_files(settings.clients)?;
    let reactor = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&reactor, stress(settings))
}

async fn stress(settings: &Settings) -> Outcome<Report> {
    let ledger = Rc::new(Ledger::default());
    let origin = origin::start(Rc::clone(&ledger), settings.seed)?;
    let node = Node::start(settings, origin)?;
    let idle = node.memory_bytes()?;
    let (start, end) = (Instant::now(), Instant::now() + settings.time);
    let purging = purge::begin(&ledger, &node.admin(), settings.seed, end);
    let clients: Vec<_> = (0..settings.clients)
        .map(|number| {
            let manner = if number % SLOW_ONE_OF == 0 { Manner::Slow } else { Manner::Prompt };
            let seed = settings.seed ^ (number as u64).rotate_left(32);
            client::begin(Rc::clone(&ledger), node.address(), manner, seed, end)
        })
        .collect();
    for task in clients.into_iter().chain(purging) {
        task.await?;
    }
    let peak = node.peak_memory_bytes()?;
    let limit = idle + SHELF_MIB * 1024 * 1024 + settings.clients as u64 * PER_CONNECTION;
    if peak > limit {
        ledger.blame(Violation::Memory, format!("{peak} bytes, of {limit} allowed"));
    }
    Ok(ledger.report(settings.seed, start.elapsed(), (idle, peak, limit)))
}
