//! The shop, in memory and as a process.

mod memory;
mod node;
mod readme;
mod shop;
mod storefront;
mod token;
