//! Keys as they lie in their slots: without what many keys of a shard have in common, which is service, generation and
//! host. A key's own part is a dozen bytes then, in one line of memory.
//!
//! There are few such beginnings, and no account knows of them; so a shard has room for some, and other keys lie there as
//! they are. What an object is charged for its key is the whole text either way ([`Key::size`]).

use crate::key::{Beginning, Key};
use crate::number::{read_number, write_number};

/// How many beginnings a shard keeps. They are gone through one after the other when a key comes.
const MOST: usize = 64;

/// In the place of a beginning's number: the key is all here, its generation first.
const WHOLE: usize = 0;

/// What stands before the text of a key has no more bytes.
const BEFORE: usize = 16;

/// A key without its beginning: the number of that, and what rules added beside the rest ([`Key::rest`]).
#[derive(Debug)]
pub(super) enum Short {
    /// Nearly all of them: nothing more is read than the slot, and no memory is asked for.
    Here(u8, [u8; HERE]),
    There(Box<[u8]>),
}

/// So long a key lies in its slot itself.
const HERE: usize = 22;

/// The beginnings, from number 1 on.
#[derive(Debug, Default)]
pub(super) struct Beginnings(Vec<Counted>);

/// One without keys is free for another.
#[derive(Debug)]
struct Counted {
    beginning: Beginning,
    keys: usize,
}

impl Short {
    fn of(text: &[u8]) -> Self {
        let mut here = [0; HERE];
        match (here.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(place), Ok(len)) => {
                place.copy_from_slice(text);
                Self::Here(len, here)
            }
            _ => Self::There(text.into()),
        }
    }

    #[inline]
    fn text(&self) -> &[u8] {
        match self {
            Self::Here(len, text) => text.get(..usize::from(*len)).unwrap_or_default(),
            Self::There(text) => text,
        }
    }
}

impl Beginnings {
    /// The key as it lies in a slot; to be [released](Self::release) when it leaves.
    pub(super) fn shorten(&mut self, key: &Key) -> Short {
        let mut text = Vec::with_capacity(BEFORE + key.text().len());
        match self.count(key) {
            Some((number, (added_len, rest))) => {
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
        Short::of(&text)
    }

    /// Whether it is this key.
    pub(super) fn is(&self, short: &Short, key: &Key) -> bool {
        match self.begun(short) {
            Some((Some(beginning), added_len, rest)) => {
                key.after(beginning) == Some((added_len, rest))
            }
            _ => self.key(short).as_ref() == Some(key),
        }
    }

    /// All of the key; what was shortened here is there.
    pub(super) fn key(&self, short: &Short) -> Option<Key> {
        match self.begun(short)? {
            (Some(beginning), added_len, rest) => Some(beginning.going_on(added_len, rest)),
            (None, _, mut whole) => {
                let generation = u64::from_le_bytes(*whole.split_off(..8)?.as_array()?);
                Some(Key::of_text(whole).in_generation(generation))
            }
        }
    }

    /// A key of this beginning has left.
    pub(super) fn release(&mut self, short: &Short) {
        let number = read_number(&mut short.text()).unwrap_or(WHOLE);
        let at = number.checked_sub(1).and_then(|at| self.0.get_mut(at));
        at.into_iter().for_each(|counted| counted.keys -= 1);
        if self.0.iter().all(|counted| counted.keys == 0) {
            self.0 = Vec::new();
        }
    }

    /// Its beginning with the length of what rules added, and the rest; a key that is all here has none.
    #[inline]
    fn begun<'a>(&'a self, short: &'a Short) -> Option<(Option<&'a Beginning>, usize, &'a [u8])> {
        let mut rest = short.text();
        match read_number(&mut rest)? {
            WHOLE => Some((None, 0, rest)),
            number => {
                let added_len = read_number(&mut rest)?;
                Some((Some(&self.0.get(number - 1)?.beginning), added_len, rest))
            }
        }
    }

    /// Counts a key, and says which number its beginning has and what comes after that; `None` where there is no room for it.
    fn count<'k>(&mut self, key: &'k Key) -> Option<(usize, (usize, &'k [u8]))> {
        let is_its = |it: &Counted| it.keys > 0 && key.after(&it.beginning).is_some();
        let free = || self.0.iter().position(|it| it.keys == 0);
        let at = self.0.iter().position(is_its).or_else(free).unwrap_or(self.0.len());
        let new = || Counted { beginning: key.beginning(), keys: 0 };
        match self.0.get_mut(at) {
            Some(counted) if counted.keys > 0 => {}
            Some(free) => *free = new(),
            None if at < MOST => self.0.push(new()),
            None => return None,
        }
        let counted = self.0.get_mut(at)?;
        counted.keys += 1;
        Some((at + 1, key.after(&counted.beginning)?))
    }
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;
