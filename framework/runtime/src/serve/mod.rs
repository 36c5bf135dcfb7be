//! Serving on sockets: listeners, connections, shutdown. One single-threaded reactor per core.

mod accept;
mod ahead;
mod asking;
mod body;
mod conn;
mod core;
mod gather;
mod http1;
mod lane;
mod linger;
mod listen;
mod portions;
mod protocol;
mod reset;

pub(crate) use self::{
    accept::accept,
    body::body,
    conn::{http2_builder, let_go_of_stalled},
    http1::http1_builder,
    linger::{Linger, Unread},
    portions::in_portions,
    protocol::{Protocol, first_bytes},
};
pub use self::{
    body::Uploads,
    core::{CoreJob, Cut, Stop, run_core},
    http1::{Lanes, serve_stream},
    listen::{Listeners, bind, bind_shared},
};
