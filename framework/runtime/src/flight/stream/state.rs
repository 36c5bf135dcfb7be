//! What is known of a body that is coming in, behind its stream's lock.

use std::task::Waker;

use bytes::Bytes;
use http::HeaderMap;
use selvedge_cache::{
    fill::{Fill, StoredBody},
    shelf::Room,
};

/// All that is known of a body that is coming in.
pub(super) struct State {
    pub(super) fill: Fill,
    pub(super) room: Option<Room>,
    /// The whole body, once it is complete and stored: who reads on keeps it in the shelf's accounts.
    pub(super) stored: Option<StoredBody>,
    pub(super) pace: Pace,
    pub(super) end: Option<End>,
    pub(super) seats: Vec<Option<Seat>>,
    pub(super) writer: Option<Waker>,
}

/// Who sets the pace.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// The origin.
    Ahead,
    /// The slowest reader.
    Paced,
}

/// How a body ended.
pub(super) enum End {
    Complete(Option<HeaderMap>),
    Broken,
}

/// One reader.
pub(super) struct Seat {
    pub(super) at: u64,
    pub(super) waker: Option<Waker>,
    pub(super) is_cut: bool,
}

impl State {
    pub(super) fn seat(&mut self, place: usize) -> Option<&mut Seat> {
        self.seats.get_mut(place)?.as_mut()
    }

    pub(super) fn readers(&mut self) -> Vec<Waker> {
        self.seats.iter_mut().flatten().filter_map(|seat| seat.waker.take()).collect()
    }

    pub(super) fn slowest(&self) -> Option<u64> {
        self.seats.iter().flatten().filter(|seat| !seat.is_cut).map(|seat| seat.at).min()
    }

    pub(super) fn read(&self, at: u64) -> Option<Bytes> {
        match &self.stored {
            Some(body) => body.read(at),
            None => self.fill.read(at),
        }
    }

    pub(super) fn moved(&mut self, place: usize, at: u64) {
        self.seat(place).into_iter().for_each(|seat| seat.at = at);
        self.trim();
    }

    /// Forgets what all have read, where nobody can come who has not.
    pub(super) fn trim(&mut self) {
        if self.pace == Pace::Ahead {
            return;
        }
        let freed = self.fill.forget(self.slowest().unwrap_or(u64::MAX));
        self.room.iter_mut().for_each(|room| room.release(freed));
    }
}
