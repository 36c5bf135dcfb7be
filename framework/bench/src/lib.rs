//! Measurements of selvedge's binaries from outside, beside other servers that do the same.
//!
//! What the measurements share: the clients, the origin, the servers as child processes, and which
//! core does what. Each measurement is a program of its own: `bench-hit`, `bench-cache`, `bench-chain`, `bench-handler`,
//! `bench-kv`, `bench-tests`. They show figures and assert none: a shared machine is no judge.

pub mod answer;
pub mod bare;
pub mod child;
pub mod cores;
pub mod flags;
pub mod load;
pub mod nginx;
pub mod node;
pub mod origin;
pub mod samples;
pub mod targets;
pub mod varnish;

/// What can go wrong, for the person at the terminal.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The host name that every request asks for.
pub const HOST: &str = "bench.localhost";
