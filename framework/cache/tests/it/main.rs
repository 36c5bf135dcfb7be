//! The crate's tests through its public face: timelines as text files, tables of headers, and properties.

#![expect(clippy::expect_used, reason = "a broken expectation is how a test fails")]

mod control;
mod fill;
mod headers;
mod property;
mod ranges;
mod shelf;
mod support;
mod timeline;
