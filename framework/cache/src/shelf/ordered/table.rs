//! Where values lie, by their hashes: a look-up reads one line of memory, seldom a second.
//!
//! A line has the places of a dozen hashes, and of each hash a byte by which nearly all others are told from it. What
//! finds its line full goes into the next, and each line knows how many went by it, so taking one out leaves nothing
//! behind. It knows no hashes: when it has to grow, it is made anew of all there are. What lies behind the values that may
//! be meant is asked for on the way (`ahead`).

use std::iter;

use super::ahead::{Ahead, Asks, Pieces};

/// How many places are in a line.
pub(super) const IN_LINE: usize = 12;

/// So many of their bytes are looked at as one number, and then the rest.
const WORD: usize = 8;

/// How full lines are before there are more of them; some are full then, and few places are not in their own line.
const FULL: usize = 10;

/// In the place of a hash's byte: nothing lies here.
const FREE: u8 = 0;

/// Places by hash.
#[derive(Default)]
pub(super) struct Table {
    lines: Vec<Line>,
    asks: Asks,
    ahead: Ahead,
    len: usize,
}

/// A line of memory.
#[derive(Clone, Default)]
#[repr(align(64))]
struct Line {
    tags: [u8; WORD],
    more_tags: [u8; IN_LINE - WORD],
    /// How many of this line or one before it lie in one behind it.
    passed: u32,
    places: [u32; IN_LINE],
}

impl Table {
    /// One that has no room yet.
    pub(super) fn new(asks: Asks) -> Self {
        Self { asks, ..Self::default() }
    }

    /// One for so many and some more: it grows by an eighth.
    pub(super) fn for_more_than(len: usize, asks: Asks) -> Self {
        let lines = (len + len / 8) / FULL + 1;
        Self { lines: vec![Line::default(); lines], asks, ahead: Ahead::of(asks, lines), len: 0 }
    }

    pub(super) fn asks(&self) -> Asks {
        self.asks
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn is_full(&self) -> bool {
        self.len >= self.lines.len() * FULL
    }

    /// The place of a hash: the one that `is_its` says is. It is shorter where it needs no call.
    #[inline(always)]
    pub(super) fn find(&self, hash: u64, is_its: impl Fn(u32) -> bool) -> Option<u32> {
        let (tag, mut at) = (tag(hash), self.home(hash));
        // Of a few lines each may have been gone by, though there is room in all of them by now.
        for _ in 0..self.lines.len() {
            self.ahead.come(at);
            let line = self.lines.get(at)?;
            let mut found = line.tagged(tag).filter_map(|index| {
                self.ahead.ask(at, index);
                line.places.get(index)
            });
            match found.find(|place| is_its(**place)).copied() {
                Some(place) => return Some(place),
                None if line.passed == 0 => return None,
                None => at = self.behind(at),
            }
        }
        None
    }

    /// Adds a place whose hash has none, to a table that [is not full](Self::is_full), and what lies behind its value.
    pub(super) fn add(&mut self, hash: u64, place: u32, pieces: Pieces) {
        let mut at = self.home(hash);
        while let Some(line) = self.lines.get_mut(at) {
            if let Some(index) = line.add(tag(hash), place) {
                self.ahead.note(at, index, pieces);
                self.len += 1;
                return;
            }
            line.passed += 1;
            at = self.behind(at);
        }
    }

    /// Notes what lies behind the value of a place by now.
    pub(super) fn note(&mut self, hash: u64, place: u32, pieces: Pieces) {
        if let Some((line, at)) = self.index(hash, place) {
            self.ahead.note(line, at, pieces);
        }
    }

    /// What is noted so.
    #[cfg(all(test, not(shuttle)))]
    pub(super) fn noted(&self, hash: u64, place: u32) -> Option<super::ahead::Note> {
        self.index(hash, place).and_then(|(line, at)| self.ahead.noted(line, at))
    }

    /// Takes out the place that `is_its` says is the one of this hash.
    pub(super) fn remove(&mut self, hash: u64, is_its: impl Fn(u32) -> bool) -> Option<u32> {
        let place = self.find(hash, is_its)?;
        let mut at = self.home(hash);
        while let Some(line) = self.lines.get_mut(at) {
            if line.remove(tag(hash), place) {
                break;
            }
            line.passed -= 1;
            at = self.behind(at);
        }
        self.len -= 1;
        Some(place)
    }

    /// The line that a place is in, and where in that.
    fn index(&self, hash: u64, place: u32) -> Option<(usize, usize)> {
        let home = self.home(hash);
        let mut lines = (home..self.lines.len()).chain(0..home);
        lines.find_map(|line| Some((line, self.lines.get(line)?.index(tag(hash), place)?)))
    }

    /// The line where a hash belongs: the upper half of it is spread over all lines, whose number is any below 2^32.
    fn home(&self, hash: u64) -> usize {
        (((hash >> 32) * self.lines.len() as u64) >> 32) as usize
    }

    fn behind(&self, at: usize) -> usize {
        if at + 1 == self.lines.len() { 0 } else { at + 1 }
    }
}

impl Line {
    /// Where in the line this byte is.
    fn tagged(&self, tag: u8) -> impl Iterator<Item = usize> {
        let first = equal(u64::from_le_bytes(self.tags), tag);
        let more = equal(u32::from_le_bytes(self.more_tags).into(), tag) & u64::from(u32::MAX);
        // Of each byte one bit says whether it is so, and the next one of that byte of the rest.
        let mut left = first | more << 1;
        iter::from_fn(move || {
            let bit = left.trailing_zeros() as usize;
            left &= left.wrapping_sub(1);
            (bit < WORD * 8).then_some(bit / 8 + bit % 8 * WORD)
        })
    }

    /// Where in the line this place is.
    fn index(&self, tag: u8, place: u32) -> Option<usize> {
        self.tagged(tag).find(|at| self.places.get(*at) == Some(&place))
    }

    /// Says where in the line there was room.
    fn add(&mut self, tag: u8, place: u32) -> Option<usize> {
        let free = self.tagged(FREE).next();
        free.filter(|at| self.set(*at, tag, place))
    }

    fn remove(&mut self, tag: u8, place: u32) -> bool {
        self.index(tag, place).is_some_and(|at| self.set(at, FREE, 0))
    }

    fn set(&mut self, at: usize, tag: u8, place: u32) -> bool {
        let mut tags = self.tags.iter_mut().chain(&mut self.more_tags);
        match (tags.nth(at), self.places.get_mut(at)) {
            (Some(its), Some(free)) => {
                (*its, *free) = (tag, place);
                true
            }
            _ => false,
        }
    }
}

/// The byte of a hash, from its lower half.
fn tag(hash: u64) -> u8 {
    (hash as u8).max(FREE + 1)
}

/// 1 in each byte that is this one, 0 in the others.
fn equal(bytes: u64, byte: u8) -> u64 {
    const ONES: u64 = u64::MAX / 0xFF;
    const LOW: u64 = ONES * 0x7F;
    let differing = bytes ^ (ONES * u64::from(byte));
    // The highest bit of a byte stays 0 only where all of its bits are.
    !(((differing & LOW) + LOW) | differing | LOW) >> 7
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;
