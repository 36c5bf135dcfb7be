//! One fetch for many who want the same: who leads, who follows, and what becomes of those who follow.
//!
//! A *flight* is a fetch that others may wait for. It is under way from the moment somebody leads it until its
//! [`Ended`] is told; the obligation to end it is a value, [`Lead`], which tells [`Ended::LeftOff`] when it is dropped.
//! The table is in shards, each locked for moments. Everything that is told goes through one watch channel for each
//! flight, so nothing can be told twice or missed.
//!
//! Who follows never waits for a flight that waits for it in turn: see [`Waits`].

mod landing;
mod lead;
mod one;
mod question;
mod reader;
mod stream;
mod table;
mod waits;

pub use self::{
    landing::{Landing, is_usable},
    lead::Lead,
    one::{Ended, Flight, Phase, Stale},
    question::{Joined, Question},
    reader::{BrokenOff, Reader},
    stream::{Go, Stream},
    table::Flights,
    waits::{Waiting, Waits},
};

/// Names a flight in its process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FlightId(u64);

impl FlightId {
    /// Stands for every flight of the node: what descends from it may descend from any of them.
    pub const ANY: Self = Self(u64::MAX);
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod sample;

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;

#[cfg(test)]
#[cfg(not(shuttle))]
mod property;
