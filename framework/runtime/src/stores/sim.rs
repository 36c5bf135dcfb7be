//! A disk that a test cuts the power of, or fills.
//!
//! What was written since the last sync is lost, kept or torn when the power goes, in sectors and in any order, as a
//! seed says. Whoever keeps something in a file has a test that opens it on one of these.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard},
};

use fastrand::Rng;
use redb::StorageBackend;

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

/// A disk; clones are the same one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sim(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// What reads see.
    seen: Vec<u8>,
    /// What a sync has made sure of.
    synced: Vec<u8>,
    /// What came since, in order.
    since: Vec<Act>,
    /// The power goes with the act that brings this to 0.
    acts_left: Option<u64>,
    room: Room,
    off: bool,
    /// So many reads fail from now on.
    bad_reads: u32,
}

#[derive(Debug)]
enum Act {
    Write(usize, Vec<u8>),
    SetLen(usize),
}

/// How much the disk takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Room {
    #[default]
    Plenty,
    /// No more bytes than there are; what is there can be written over.
    NoMore,
    /// Nothing can be written at all, as where every write takes new blocks.
    None,
}

impl Sim {
    pub(crate) fn set_room(&self, room: Room) {
        self.state().room = room;
    }

    /// So many reads fail, as from a bad cable.
    pub(crate) fn fails_reads(&self, count: u32) {
        self.state().bad_reads = count;
    }

    /// The power goes after so many more acts.
    pub(crate) fn dies_after(&self, acts: u64) {
        self.state().acts_left = Some(acts);
    }

    /// The power goes now, unless it has gone.
    pub(crate) fn dies(&self) {
        self.state().off = true;
    }

    /// The power is back, and this is what the disk has.
    pub(crate) fn comes_back(&self, rng: &mut Rng) {
        let mut state = self.state();
        let since = std::mem::take(&mut state.since);
        for act in since {
            state.survives(act, rng);
        }
        state.seen = state.synced.clone();
        state.acts_left = None;
        state.off = false;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    /// Writes what the power cut left of an act.
    fn survives(&mut self, act: Act, rng: &mut Rng) {
        let whole = rng.u8(..3);
        match act {
            Act::SetLen(len) if whole > 0 => self.synced.resize(len, 0),
            Act::SetLen(_) => {}
            Act::Write(..) if whole == 0 => {}
            Act::Write(at, bytes) => {
                for (number, sector) in bytes.chunks(SECTOR).enumerate() {
                    if whole == 1 || rng.bool() {
                        put(&mut self.synced, at + number * SECTOR, sector);
                    }
                }
            }
        }
    }

    fn act(&mut self, act: Act) -> io::Result<()> {
        if self.off {
            return Err(io::Error::other("the power is off"));
        }
        self.has_room(&act)?;
        match &act {
            Act::Write(at, bytes) => put(&mut self.seen, *at, bytes),
            Act::SetLen(len) => self.seen.resize(*len, 0),
        }
        self.since.push(act);
        self.tick()
    }

    fn has_room(&self, act: &Act) -> io::Result<()> {
        let end = match act {
            Act::Write(at, bytes) => at + bytes.len(),
            Act::SetLen(len) => *len,
        };
        match self.room {
            Room::NoMore if end > self.seen.len() => Err(io::ErrorKind::StorageFull.into()),
            Room::None => Err(io::ErrorKind::StorageFull.into()),
            Room::Plenty | Room::NoMore => Ok(()),
        }
    }

    fn tick(&mut self) -> io::Result<()> {
        let Some(left) = &mut self.acts_left else { return Ok(()) };
        *left = left.saturating_sub(1);
        self.off = *left == 0;
        if self.off { Err(io::Error::other("the power went off")) } else { Ok(()) }
    }
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if file.len() < at + bytes.len() {
        file.resize(at + bytes.len(), 0);
    }
    file[at..at + bytes.len()].copy_from_slice(bytes);
}

impl StorageBackend for Sim {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state().seen.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut state = self.state();
        if state.bad_reads > 0 {
            state.bad_reads -= 1;
            return Err(io::Error::other("a read failed"));
        }
        let at = offset as usize;
        let bytes = state.seen.get(at..at + out.len()).filter(|_| !state.off);
        out.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.state().act(Act::SetLen(len as usize))
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.state();
        if state.off {
            return Err(io::Error::other("the power is off"));
        }
        // The power may go before the sync has done anything.
        state.tick()?;
        for act in std::mem::take(&mut state.since) {
            match act {
                Act::Write(at, bytes) => put(&mut state.synced, at, &bytes),
                Act::SetLen(len) => state.synced.resize(len, 0),
            }
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.state().act(Act::Write(offset as usize, data.to_vec()))
    }
}
