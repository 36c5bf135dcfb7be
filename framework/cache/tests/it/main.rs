//! The crate's tests through its public face: timelines as text files, tables of headers, and properties.

#![expect(clippy::expect_used, clippy::panic, reason = "a broken expectation is how a test fails")]

mod control;
mod decide;
mod fill;
mod fuzz;
mod headers;
mod look_up;
mod memory;
mod parsers;
mod property;
mod purge;
mod ranges;
mod shelf;
mod support;
mod timeline;
mod unsent;
