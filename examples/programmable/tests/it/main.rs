//! The newspaper, in memory and as a process.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod readme;
mod site;
