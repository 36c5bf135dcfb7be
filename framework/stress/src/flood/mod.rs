//! A flood of captured one-time tokens against a node's chain guard: each gets in once at most, however often it is sent, and
//! the node remembers them in the room that it was given.
//!
//! Three waves come over sockets: tokens that are good; the same ones again; and as many fresh ones, for most of which there
//! is no room. A wave's tokens are made again from their numbers, so that nothing here holds a million of them.

mod client;
mod report;

use std::{
    path::PathBuf,
    thread,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

pub use self::report::{FloodReport, Wave};
use self::{client::Answers, report::Expected};
use crate::{Outcome, node::Node};

/// One run.
#[derive(Clone, Debug)]
pub struct FloodSettings {
    /// The stock binary.
    pub selvedge: PathBuf,
    /// How many tokens a wave has.
    pub tokens: u64,
    /// How many the node remembers.
    pub room: u64,
}

/// What one remembered token may take: it is 16 bytes in a table that is half empty after it has grown, and while it grows
/// the old one is there, too.
const PER_TOKEN: u64 = 96;

/// What sockets, threads and the allocator may take beside that.
const SLACK: u64 = 32 * 1024 * 1024;

/// Connections that send at the same time.
const CLIENTS: u64 = 4;

/// The tokens of the third wave have numbers of their own.
const FRESH: u64 = 1 << 40;

/// Runs it to its end.
///
/// # Errors
/// Where the node cannot be started, watched or talked to.
pub fn run(settings: &FloodSettings) -> Outcome<FloodReport> {
    let FloodSettings { tokens, room, .. } = *settings;
    let node = Node::of(&settings.selvedge, &manifest(room))?;
    let idle = node.memory_bytes()?;
    let captured_ms = now_ms()?;
    let accepted = tokens.min(room);
    let fresh = tokens.min(room - accepted);
    let mut waves = Vec::new();
    for (name, first, signed_ms, expected) in [
        ("good", 0, captured_ms, Expected { accepted, replayed: 0, full: tokens - accepted }),
        (
            "again",
            0,
            captured_ms,
            Expected { accepted: 0, replayed: accepted, full: tokens - accepted },
        ),
        (
            "fresh",
            FRESH,
            now_ms()?,
            Expected { accepted: fresh, replayed: 0, full: tokens - fresh },
        ),
    ] {
        let start = Instant::now();
        let answers = wave(&node, first, tokens, signed_ms)?;
        let (took, memory) = (start.elapsed(), node.memory_bytes()?);
        waves.push(Wave { name, answers, expected, took, memory });
    }
    let peak = node.peak_memory_bytes()?;
    let limit = idle + room.saturating_mul(PER_TOKEN) + SLACK;
    Ok(FloodReport { tokens, room, idle, waves, peak, limit })
}

/// Sends these tokens, from several connections.
fn wave(node: &Node, first: u64, tokens: u64, signed_ms: u64) -> Outcome<Answers> {
    let address = node.address();
    let each = tokens.div_ceil(CLIENTS);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let numbers = first + client * each..first + tokens.min((client + 1) * each);
            thread::spawn(move || client::send(address, numbers, signed_ms))
        })
        .collect();
    let mut all = Answers::default();
    for client in clients {
        let answers = client.join().map_err(|_| "a client panicked")??;
        all.add(&answers);
    }
    Ok(all)
}

fn now_ms() -> Outcome<u64> {
    Ok(u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}

/// Whoever gets in is answered at once. The window is long enough for all waves.
fn manifest(room: u64) -> String {
    let (service, host, secret) = (client::SERVICE, client::HOST, client::SECRET);
    format!(
        r#"manifest_version = 1
name = "flood"

[pops.LHR]

[config_stores.settings]
contents = {{ edge_auth_secret_id = "1" }}
[secret_stores.keys]
items = [{{ key = "1", data = "{secret}" }}]

[services.{service}]
type = "delivery"
domains = ["{host}"]
links = {{ config = {{ config_store = "settings" }}, secrets = {{ secret_store = "keys" }} }}
require_chain_auth = {{ config = "config", secrets = "secrets", window = "5m", nonces = {room} }}
backends.none.url = "http://127.0.0.1:9"
[[services.{service}.rules]]
then.synthetic = {{ body = "in" }}
"#
    )
}
