//! The runtime at its borders: in memory through the testkit, and as a process with sockets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod account;
mod admin;
mod cache;
mod chain;
mod chaining;
mod collapse;
mod crowd;
mod delivery;
mod errors;
mod esi;
mod fuzz;
mod http2;
mod https;
mod interim;
mod kv;
mod lane;
mod loops;
mod objects;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod pages;
mod parts;
mod passing;
mod plain;
mod planted;
mod posted;
mod process;
mod programmed;
mod purge;
mod resident;
mod scenario;
mod settings;
mod shielding;
mod site;
mod startup;
mod stress;
mod timeline;
mod uploads;
mod validation;
mod vouched;
