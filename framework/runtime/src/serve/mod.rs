//! Serving on sockets: listeners, connections, shutdown. One single-threaded reactor per core.

mod accept;
mod ahead;
mod body;
mod conn;
mod core;
mod listen;
mod portions;

pub(crate) use self::{
    accept::accept,
    conn::{builder, first_bytes},
};
pub use self::{
    core::{CoreJob, Cut, Stop, run_core},
    listen::{Listeners, bind, bind_shared},
};
