//! What must hold in whatever order threads run: of the shelf, of a body with its readers, of flights.
//!
//! Both are compiled here once more with the locks of `shuttle`, which decides at each of them who goes on: the shelf as
//! this package's library, and flights below. Nothing of production is built with these. What no lock of ours guards
//! (tokio's channels, atomic operations weaker than sequentially consistent) is taken to be right.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

extern crate selvedge_races as selvedge_cache;

#[path = "../../../runtime/src/flight/mod.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the runtime's own, of which a part is tried"
)]
mod flight;
#[path = "../../../runtime/src/kept.rs"]
mod kept;
mod flights;
mod run;
mod shelf;
mod stream;
mod support;
mod sync;
