//! The runtime at its borders: in memory through the testkit, and as a process with sockets.

mod cache;
mod chain;
mod errors;
mod https;
mod loops;
mod process;
mod startup;
