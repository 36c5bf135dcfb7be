//! A body that is read by many while it comes in.
//!
//! It runs ahead of its readers for as long as the shelf would take it. Once it has outgrown that it is not stored any
//! more, and the slowest reader sets the pace: what all have read is forgotten, and the writer waits for whoever is more
//! than a window behind. All state is behind one lock, which is held for a copy of at most a chunk.

use std::{
    sync::{Arc, PoisonError},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use http::HeaderMap;
use selvedge_cache::{
    decision::NoStore,
    entry::{Entry, StoredHead},
    fill::{Fill, StoredBody},
    shelf::Room,
};

mod state;

use self::state::{End, Pace, Seat, State};
use super::reader::Reader;
use crate::sync::{Mutex, MutexGuard};

/// How far ahead of its slowest reader a body runs that is not stored. One that is no longer than this never has to wait
/// for anybody.
const WINDOW: u64 = 64 * 1024;

/// A body that is coming in.
pub struct Stream {
    state: Mutex<State>,
    declared: Option<u64>,
}

/// What a reader is given.
pub(super) enum Given {
    /// The next bytes.
    Data(Bytes),
    /// Nothing more, but for these trailers.
    End(Option<HeaderMap>),
    /// The body broke off, or the reader was too slow.
    Broken,
}

/// Whether a body can go on coming in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    /// It can.
    On,
    /// Nobody reads it, and it will not be stored.
    Nobody,
}

impl Stream {
    /// A body of which nothing has come, to be kept in `room` while it has at most `limit` bytes.
    #[must_use]
    pub fn new(limit: u64, declared: Option<u64>, room: Room) -> Arc<Self> {
        let fill = Fill::new(limit, declared);
        Self::of(fill, declared, room)
    }

    /// The same for a whole body, whose bytes stay where they are put where that is small and its length is declared.
    #[must_use]
    pub fn of_whole(limit: u64, declared: Option<u64>, room: Room) -> Arc<Self> {
        Self::of(Fill::new(limit, declared).of_whole(), declared, room)
    }

    fn of(fill: Fill, declared: Option<u64>, room: Room) -> Arc<Self> {
        let state = State {
            fill: fill.in_chunks(room.chunks()),
            room: Some(room),
            stored: None,
            pace: Pace::Ahead,
            end: None,
            seats: Vec::new(),
            writer: None,
        };
        Arc::new(Self { state: Mutex::new(state), declared })
    }

    /// How long it will be, if that was declared.
    #[must_use]
    pub fn declared(&self) -> Option<u64> {
        self.declared
    }

    /// A reader of the bytes from `from` on, up to `to` where that is given. `None` where the first of them may have
    /// been forgotten.
    #[must_use]
    pub fn reader(self: &Arc<Self>, from: u64, to: Option<u64>) -> Option<Reader> {
        let mut state = self.state();
        if state.pace == Pace::Paced {
            return None;
        }
        let seat = Seat { at: from, waker: None, is_cut: false };
        let free = state.seats.iter().position(Option::is_none);
        let place = free.unwrap_or(state.seats.len());
        match state.seats.get_mut(place) {
            Some(empty) => *empty = Some(seat),
            None => state.seats.push(Some(seat)),
        }
        drop(state);
        Some(Reader::new(Arc::clone(self), place, from, to.or(self.declared)))
    }

    /// Takes the next piece in, and says when it has just outgrown what can be stored.
    ///
    /// # Errors
    /// Why it will not be stored, once.
    pub fn push(&self, piece: &[u8]) -> Result<(), NoStore> {
        let mut state = self.state();
        let fits = state.room.as_mut().is_some_and(|room| room.take(piece.len() as u64));
        if !fits {
            state.fill.refuse(NoStore::NoRoom);
        }
        let refused = state.fill.push(piece).err();
        let is_long = state.fill.len() > WINDOW;
        let outgrown = refused.filter(|_| state.pace == Pace::Ahead && is_long);
        if outgrown.is_some() {
            state.pace = Pace::Paced;
        }
        let awake = state.readers();
        state.trim();
        drop(state);
        awake.into_iter().for_each(Waker::wake);
        outgrown.map_or(Ok(()), Err)
    }

    /// Whether the next piece may be taken in.
    pub fn poll_go(&self, cx: &mut Context<'_>) -> Poll<Go> {
        let mut state = self.state();
        if state.pace == Pace::Ahead {
            return Poll::Ready(Go::On);
        }
        match state.slowest() {
            None => Poll::Ready(Go::Nobody),
            Some(at) if state.fill.len().saturating_sub(at) < WINDOW => Poll::Ready(Go::On),
            Some(_) => {
                let before = state.writer.replace(cx.waker().clone());
                // With a waker may go a task that reads here, too.
                drop(state);
                drop(before);
                Poll::Pending
            }
        }
    }

    /// How far the slowest reader is; `None` without readers.
    #[must_use]
    pub fn slowest(&self) -> Option<u64> {
        self.state().slowest()
    }

    /// Cuts off those who are still there: they keep the body waiting.
    pub fn cut_off(&self, at: u64) {
        let mut state = self.state();
        let mut awake = Vec::new();
        for seat in state.seats.iter_mut().flatten().filter(|seat| seat.at == at) {
            seat.is_cut = true;
            awake.extend(seat.waker.take());
        }
        state.trim();
        drop(state);
        awake.into_iter().for_each(Waker::wake);
    }

    /// The whole body with its head, for the shelf. Those who are reading go on with it.
    ///
    /// # Errors
    /// Why there is none to store.
    pub fn take_entry(&self, head: &StoredHead) -> Result<Entry, NoStore> {
        let mut state = self.state();
        let entry = state.fill.take_entry(head)?;
        let Some(room) = state.room.take() else { return Err(NoStore::NoRoom) };
        entry.pay(room.into_charge());
        state.stored = Some(entry.body().clone());
        Ok(entry)
    }

    /// The whole body, for the shelf. Those who are reading go on with it.
    ///
    /// # Errors
    /// Why there is none to store.
    pub fn take(&self) -> Result<StoredBody, NoStore> {
        self.stored(Fill::take)
    }

    /// What came of a body that broke off, for the shelf.
    ///
    /// # Errors
    /// Why there is none to store.
    pub fn take_incomplete(&self) -> Result<StoredBody, NoStore> {
        self.stored(Fill::take_incomplete)
    }

    /// Those who are reading go on with the body of the entry, which has the same bytes: what they were gathered in is not
    /// kept beside it.
    pub fn stored_in(&self, entry: &Entry) {
        let before = self.state().stored.replace(entry.body().clone());
        drop(before);
    }

    fn stored(
        &self,
        take: impl FnOnce(&mut Fill) -> Result<Vec<Bytes>, NoStore>,
    ) -> Result<StoredBody, NoStore> {
        let mut state = self.state();
        let chunks = take(&mut state.fill)?;
        let Some(room) = state.room.take() else { return Err(NoStore::NoRoom) };
        let body = StoredBody::with_charge(chunks, room.into_charge());
        state.stored = Some(body.clone());
        Ok(body)
    }

    /// Nothing more comes.
    pub fn complete(&self, trailers: Option<HeaderMap>) {
        self.end(End::Complete(trailers));
    }

    /// The rest does not come.
    pub fn broken(&self) {
        self.end(End::Broken);
    }

    fn end(&self, end: End) {
        let mut state = self.state();
        state.end.get_or_insert(end);
        let awake = state.readers();
        drop(state);
        awake.into_iter().for_each(Waker::wake);
    }

    /// What a reader gets next.
    pub(super) fn poll_read(&self, place: usize, cx: &mut Context<'_>) -> Poll<Given> {
        let mut state = self.state();
        let Some(at) = state.seat(place).filter(|seat| !seat.is_cut).map(|seat| seat.at) else {
            return Poll::Ready(Given::Broken);
        };
        if let Some(data) = state.read(at) {
            state.moved(place, at + data.len() as u64);
            let writer = state.writer.take();
            drop(state);
            writer.into_iter().for_each(Waker::wake);
            return Poll::Ready(Given::Data(data));
        }
        match &state.end {
            Some(End::Complete(trailers)) => Poll::Ready(Given::End(trailers.clone())),
            Some(End::Broken) => Poll::Ready(Given::Broken),
            None => {
                let waker = cx.waker().clone();
                let before = state.seat(place).and_then(|seat| seat.waker.replace(waker));
                drop(state);
                drop(before);
                Poll::Pending
            }
        }
    }

    /// Whether a reader that is there has all that will come.
    pub(super) fn is_over(&self, at: u64) -> bool {
        let state = self.state();
        let complete = matches!(state.end, Some(End::Complete(None)));
        complete && at >= state.fill.len()
    }

    /// A reader goes.
    pub(super) fn leave(&self, place: usize) {
        let mut state = self.state();
        let seat = state.seats.get_mut(place).and_then(Option::take);
        state.trim();
        let writer = state.writer.take();
        drop(state);
        drop(seat);
        writer.into_iter().for_each(Waker::wake);
    }

    /// No step under the lock can leave the state half changed.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod cut_off;
#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;
