//! Serving on sockets: listeners, connections, shutdown. One single-threaded reactor per core.

mod accept;
mod ahead;
mod body;
mod conn;
mod core;
mod lane;
mod listen;
mod portions;

pub(crate) use self::{
    accept::accept,
    conn::{Protocol, first_bytes, http1_builder, http2_builder},
};
pub use self::{
    core::{CoreJob, Cut, Stop, run_core},
    listen::{Listeners, bind, bind_shared},
};
