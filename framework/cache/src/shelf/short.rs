//! Keys as they lie in their slots: without what many keys of a shard have in common, which is service, generation and
//! host. A key's own part is a dozen bytes then, in one line of memory.
//!
//! There are few such beginnings, and no account knows of them; so a shard has room for some, and other keys lie there as
//! they are. What an object is charged for its key is the whole text either way ([`Key::size`]).

use crate::key::Key;
use crate::number::{read_number, write_number};

/// How many beginnings a shard keeps. They are gone through one after the other when a key comes.
const MOST: usize = 64;

/// In the place of a beginning's number: the key is all here, its generation first.
const WHOLE: usize = 0;

/// A key without its beginning: the number of that, and what rules added beside the rest ([`Key::rest`]).
#[derive(Debug)]
pub(super) struct Short(Box<[u8]>);

/// The beginnings, from number 1 on.
#[derive(Debug, Default)]
pub(super) struct Beginnings(Vec<Beginning>);

/// One without keys is free for another.
#[derive(Debug)]
struct Beginning {
    /// The key of no path.
    key: Key,
    keys: usize,
}

impl Beginnings {
    /// The key as it lies in a slot; to be [released](Self::release) when it leaves.
    pub(super) fn shorten(&mut self, key: &Key) -> Short {
        let mut text = Vec::new();
        match self.count(key) {
            Some(number) => {
                let (added_len, rest) = key.rest();
                write_number(&mut text, number);
                write_number(&mut text, added_len);
                text.extend_from_slice(rest);
            }
            None => {
                write_number(&mut text, WHOLE);
                text.extend_from_slice(&key.generation().to_le_bytes());
                text.extend_from_slice(key.text());
            }
        }
        Short(text.into())
    }

    /// Whether it is this key.
    pub(super) fn is(&self, short: &Short, key: &Key) -> bool {
        match self.begun(short) {
            Some((Some(beginning), added_len, rest)) => {
                key.rest() == (added_len, rest) && key.begins_as(&beginning.key)
            }
            _ => self.key(short).as_ref() == Some(key),
        }
    }

    /// All of the key; what was shortened here is there.
    pub(super) fn key(&self, short: &Short) -> Option<Key> {
        match self.begun(short)? {
            (Some(beginning), added_len, rest) => Some(beginning.key.going_on(added_len, rest)),
            (None, _, mut whole) => {
                let generation = u64::from_le_bytes(*whole.split_off(..8)?.as_array()?);
                Some(Key::of_text(whole).in_generation(generation))
            }
        }
    }

    /// A key of this beginning has left.
    pub(super) fn release(&mut self, short: &Short) {
        let number = read_number(&mut &*short.0).unwrap_or(WHOLE);
        let at = number.checked_sub(1).and_then(|at| self.0.get_mut(at));
        at.into_iter().for_each(|beginning| beginning.keys -= 1);
        if self.0.iter().all(|beginning| beginning.keys == 0) {
            self.0 = Vec::new();
        }
    }

    /// Its beginning with the length of what rules added, and the rest; a key that is all here has none.
    fn begun<'a>(&'a self, short: &'a Short) -> Option<(Option<&'a Beginning>, usize, &'a [u8])> {
        let mut rest = &*short.0;
        match read_number(&mut rest)? {
            WHOLE => Some((None, 0, rest)),
            number => {
                let added_len = read_number(&mut rest)?;
                Some((Some(self.0.get(number - 1)?), added_len, rest))
            }
        }
    }

    /// Counts a key and says which number its beginning has; `None` where there is no room for it.
    fn count(&mut self, key: &Key) -> Option<usize> {
        let is_its = |it: &Beginning| it.keys > 0 && key.begins_as(&it.key);
        let free = || self.0.iter().position(|it| it.keys == 0);
        let at = self.0.iter().position(is_its).or_else(free).unwrap_or(self.0.len());
        match self.0.get_mut(at) {
            Some(beginning) if beginning.keys > 0 => beginning.keys += 1,
            Some(beginning) => *beginning = Beginning { key: key.beginning(), keys: 1 },
            None if at < MOST => self.0.push(Beginning { key: key.beginning(), keys: 1 }),
            None => return None,
        }
        Some(at + 1)
    }
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;
