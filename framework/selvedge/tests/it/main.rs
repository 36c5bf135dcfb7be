//! The SDK on an edge made of maps.

#![expect(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod answers;
mod bindings;
mod cache;
mod dependencies;
mod edge;
mod fuzz;
mod guard;
mod kv;
mod plain;
mod service;
