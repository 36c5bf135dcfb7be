//! What lies behind a value, asked for before the value has come.
//!
//! A hit reads a value, and then two pieces of memory that the value names. Where there are many values none of them is at
//! hand, and to wait for one after the other is most of what such a hit costs beside its system calls. So beside each place
//! of the table it is noted where those pieces lie, in four bytes each, and they are asked for together with the value.
//!
//! Nothing is read by such a note. One that is not true any more, or whose upper half was another's, asks for memory that
//! nobody needs, and that is all.

use prefetch_index::prefetch_index;

use super::table::IN_LINE;
use crate::block::LINE;

/// So many lines of a block are asked for: nearly all have no more.
const OF_BLOCK: usize = 6;

/// So many lines of a body: a kibibyte. What is read on from there comes by itself.
const OF_BODY: usize = 17;

/// When what lies behind a value is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::shelf) enum Asks {
    /// When the value has come: all of them are at hand, or few are looked for, and nothing is noted.
    #[default]
    Late,
    /// Together with the value.
    Ahead,
}

/// What has memory of its own beside its place.
pub(in crate::shelf) trait Far {
    /// Where that lies.
    fn pieces(&self) -> Pieces;
}

/// The addresses of an object's block and of its small body; 0 where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::shelf) struct Pieces {
    pub(in crate::shelf) block: usize,
    pub(in crate::shelf) body: usize,
}

/// The notes beside all places of a table, line by line.
#[derive(Default)]
pub(super) struct Ahead {
    notes: Vec<Notes>,
    /// What notes leave out of an address, as it was in the last one: nearly always all objects lie in one region.
    upper: usize,
}

/// Those of one line, in two lines of memory.
#[derive(Clone, Default)]
#[repr(align(32))]
struct Notes([Note; IN_LINE]);

/// The lines of memory where the pieces begin, by the lower half of their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Note {
    block: u32,
    body: u32,
}

impl Ahead {
    /// Notes for so many lines, where there are to be any.
    pub(super) fn of(asks: Asks, lines: usize) -> Self {
        let lines = if asks == Asks::Ahead { lines } else { 0 };
        Self { notes: vec![Notes::default(); lines], upper: 0 }
    }

    /// Notes what lies behind the value of a place.
    pub(super) fn note(&mut self, line: usize, at: usize, pieces: Pieces) {
        if let Some(note) = self.notes.get_mut(line).and_then(|notes| notes.0.get_mut(at)) {
            *note = Note::of(pieces);
        }
        if pieces.block != 0 {
            self.upper = upper(pieces.block);
        }
    }

    /// Asks for the notes of a line.
    pub(super) fn come(&self, line: usize) {
        if let Some(notes) = self.notes.get(line) {
            let notes = notes.0.as_slice();
            prefetch_index(notes, 0);
            prefetch_index(notes, IN_LINE - 1);
        }
    }

    /// Asks for what lies behind the value of a place.
    pub(super) fn ask(&self, line: usize, at: usize) {
        if let Some(note) = self.noted(line, at) {
            self.ask_for(note.block, OF_BLOCK);
            self.ask_for(note.body, OF_BODY);
        }
    }

    /// What is noted beside a place.
    pub(super) fn noted(&self, line: usize, at: usize) -> Option<Note> {
        self.notes.get(line)?.0.get(at).copied()
    }

    /// Asks for so many lines from that with this number on; nothing begins in number 0.
    fn ask_for(&self, number: u32, lines: usize) {
        if number == 0 {
            return;
        }
        let nothing: &[u8] = &[];
        let begin = self.upper + number as usize * LINE;
        let from_nothing = begin.wrapping_sub(nothing.as_ptr().addr());
        for line in 0..lines {
            prefetch_index(nothing, from_nothing.wrapping_add(line * LINE));
        }
    }
}

impl Note {
    pub(super) fn of(pieces: Pieces) -> Self {
        Self { block: number(pieces.block), body: number(pieces.body) }
    }
}

/// The lower half of the number of an address's line.
fn number(address: usize) -> u32 {
    (address / LINE) as u32
}

/// What that leaves out of the address.
fn upper(address: usize) -> usize {
    address - number(address) as usize * LINE - address % LINE
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;
