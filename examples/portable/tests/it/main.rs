//! The services on a node.

mod readme;
mod services;
