//! Serving on sockets: listeners, connections, shutdown. One single-threaded reactor per core.

mod conn;
mod core;
mod listen;

pub use self::{
    core::{CoreJob, Stop, run_core},
    listen::{Listeners, bind, bind_shared},
};
