//! The native edge: services, chains, cache and stores behind real listeners.
//!
//! The life of a request, step by step, with the module of each:
//!
//! 1. **accept**: [`serve`] takes a connection on one of its cores.
//! 2. **route**: [`entrance`] gives the request the world of the moment; [`edge`] finds the service that owns the host, and vouches for the client.
//! 3. **hop guard**: [`enter`] counts the hop ([`hops`]) and refuses the 21st or the 7th service.
//! 4. **chain guard**: [`enter`] verifies the chain token where the service asks for one, and
//!    removes it.
//! 5. **handle**: the compute handler, on the [`hop`] as its host, or the rules of a [`delivery`]
//!    service ([`world::Rules`]).
//! 6. **send**: [`fetch`] looks up, decides, waits for others ([`flight`]) or dispatches, signs and
//!    admits; [`network`] is the way out of the process, and a local service is entered again at 3.
//! 7. **deliver** and **tell**: [`enter`] makes the error page ([`page`]), lets a template become a
//!    page ([`esi`]), adds the hop's header items ([`headers`]) and tells [`trace`]. What the handler left for later begins when the
//!    body has been sent ([`after`]).

pub mod account;
pub mod admin;
pub mod after;
pub mod background;
pub mod backends;
pub mod caller;
pub mod chain;
pub mod clock;
pub mod debug;
pub mod delivery;
pub mod edge;
pub mod enter;
pub mod entrance;
pub mod esi;
pub mod fetch;
pub mod flight;
pub mod headers;
pub mod hop;
pub mod hops;
pub mod ids;
pub mod interim;
pub mod memory;
pub mod network;
pub mod node;
pub mod objects;
pub mod page;
pub mod purge;
pub mod reply;
pub mod serve;
pub mod soon;
pub mod stores;
mod sync;
pub mod trace;
pub mod upstream;
pub mod world;

mod cli;
mod kept;

use std::process::ExitCode;

/// The whole program of a node binary with these services; `selvedge::main!` calls it.
#[must_use]
pub fn main(services: Vec<selvedge::Service>) -> ExitCode {
    cli::run(services)
}
