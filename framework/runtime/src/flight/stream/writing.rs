//! What the fetch does with the body that it brings: it adds pieces, keeps to its readers' pace, and says how it ended.

use std::task::{Context, Poll, Waker};

use http::HeaderMap;
use selvedge_cache::decision::NoStore;

use super::{
    Stream,
    state::{End, Pace},
};

/// How far ahead of its slowest reader a body runs that is not stored. One that is no longer than this never has to wait
/// for anybody.
pub(super) const WINDOW: u64 = 64 * 1024;

/// Whether a body can go on coming in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    /// It can.
    On,
    /// Nobody reads it, and it will not be stored.
    Nobody,
}

impl Stream {
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
}
