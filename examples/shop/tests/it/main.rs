//! The shop, in memory and as a process.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod memory;
mod node;
mod readme;
mod shop;
mod storefront;
mod token;
