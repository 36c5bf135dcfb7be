//! What readers of a body see of it: each has a seat, is given what comes next, and leaves.

use std::{
    sync::Arc,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use http::HeaderMap;

use super::{
    Stream,
    state::{End, Pace, Seat},
};
use crate::flight::reader::Reader;

/// What a reader is given.
pub(in crate::flight) enum Given {
    /// The next bytes.
    Data(Bytes),
    /// Nothing more, but for these trailers.
    End(Option<HeaderMap>),
    /// The body broke off, or the reader was too slow.
    Broken,
}

impl Stream {
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

    /// What a reader gets next.
    pub(in crate::flight) fn poll_read(&self, place: usize, cx: &mut Context<'_>) -> Poll<Given> {
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
    pub(in crate::flight) fn is_over(&self, at: u64) -> bool {
        let state = self.state();
        let complete = matches!(state.end, Some(End::Complete(None)));
        complete && at >= state.fill.len()
    }

    /// A reader goes.
    pub(in crate::flight) fn leave(&self, place: usize) {
        let mut state = self.state();
        let seat = state.seats.get_mut(place).and_then(Option::take);
        state.trim();
        let writer = state.writer.take();
        drop(state);
        drop(seat);
        writer.into_iter().for_each(Waker::wake);
    }
}
