//! Serving on sockets: listeners, connections, shutdown. One single-threaded reactor per core.

mod accept;
mod ahead;
mod body;
mod conn;
mod core;
mod http1;
mod lane;
mod listen;
mod portions;

pub(crate) use self::{
    accept::accept,
    conn::{Protocol, first_bytes, http2_builder},
    http1::http1_builder,
    portions::in_portions,
};
pub use self::{
    core::{CoreJob, Cut, Stop, run_core},
    http1::{Lanes, serve_stream},
    listen::{Listeners, bind, bind_shared},
};
