//! The variants of one key. A few are gone through one after the other; a [`Crowd`] of them is found by what selects it,
//! so that a look-up costs the same however many there are.

use std::mem;

use super::crowd::Crowd;
use super::place::Hashing;
use super::shelved::{Shelved, gives_way};
use crate::entry::Entry;
use crate::key::Key;
use crate::vary::Selecting;

/// So many entries of a key are few. A key may have as many whatever they take.
pub(super) const FEW: usize = 16;

/// A crowd that has shrunk to so many is one no more.
const FEW_AGAIN: usize = FEW * 3 / 4;

/// The entries of a key. Nearly all keys have one, which lies with its key.
#[derive(Debug)]
pub(super) enum Variants {
    One(Shelved),
    /// In order of arrival; none only for a moment.
    Few(Vec<Shelved>),
    Crowd(Box<Crowd>),
}

impl Variants {
    pub(super) fn none() -> Self {
        Self::Few(Vec::new())
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Crowd(crowd) => crowd.len(),
            Self::One(_) | Self::Few(_) => self.few().len(),
        }
    }

    /// Asks for the memory of the only one, before anything waits for a part of it.
    pub(super) fn touch(&self) {
        if let Self::One(only) = self {
            only.touch();
        }
    }

    /// What a request selects, the last to arrive first; marks it as used now, after the entry with that number had come.
    pub(super) fn selected(
        &mut self,
        hashing: &Hashing,
        request: &Selecting<'_>,
        now: u64,
        mut found: impl FnMut(&Shelved),
    ) {
        let selects = |it: &&Shelved| it.entry.head.variant.selected_by(request);
        match self {
            Self::Crowd(crowd) => {
                for number in crowd.told_by(hashing, request) {
                    crowd.used(number, now).filter(selects).into_iter().for_each(&mut found);
                }
            }
            Self::One(_) | Self::Few(_) => {
                self.few().iter().rev().filter(selects).for_each(found);
            }
        }
    }

    /// What the origin can be asked about for a request that selects nothing, the last to arrive first: all of a few, of a
    /// crowd those that were used of late, and some for each list of names.
    pub(super) fn known(&self) -> Vec<&Shelved> {
        match self {
            Self::Crowd(crowd) => crowd.known(),
            Self::One(_) | Self::Few(_) => self.few().iter().rev().collect(),
        }
    }

    /// All of them, the last to arrive first.
    pub(super) fn latest_first(&self) -> Vec<&Shelved> {
        let mut all: Vec<&Shelved> = self.oldest_first().collect();
        all.sort_unstable_by_key(|it| std::cmp::Reverse(it.number));
        all
    }

    /// All of them: of a few the first to arrive first, of a crowd the one that was not used for longest.
    pub(super) fn oldest_first(&self) -> impl Iterator<Item = &Shelved> {
        let crowd = match self {
            Self::Crowd(crowd) => Some(crowd.oldest_first()),
            Self::One(_) | Self::Few(_) => None,
        };
        self.few().iter().chain(crowd.into_iter().flatten())
    }

    pub(super) fn numbers(&self) -> Vec<u64> {
        self.oldest_first().map(|it| it.number).collect()
    }

    pub(super) fn get(&self, number: u64) -> Option<&Shelved> {
        match self {
            Self::Crowd(crowd) => crowd.get(number),
            Self::One(_) | Self::Few(_) => self.few().iter().find(|it| it.number == number),
        }
    }

    /// What a new entry takes the place of.
    pub(super) fn giving_way(&self, hashing: &Hashing, new: &Entry) -> Vec<&Shelved> {
        let gives_way = |old: &&Shelved| gives_way(&old.entry, new);
        match self {
            Self::Crowd(crowd) => crowd.like(hashing, new).filter(gives_way).collect(),
            Self::One(_) | Self::Few(_) => self.few().iter().filter(gives_way).collect(),
        }
    }

    /// What has to go beside, since this one came last: all of a key that is no crowd may stay.
    pub(super) fn surplus(&self, share: u64, last: u64) -> Vec<u64> {
        match self {
            Self::Crowd(crowd) => crowd.surplus(share, last),
            Self::One(_) | Self::Few(_) => Vec::new(),
        }
    }

    /// The one to evict: the oldest that nobody holds, so that its memory is free once it leaves.
    pub(super) fn loose(&mut self, now: u64) -> Option<u64> {
        match self {
            Self::Crowd(crowd) => crowd.loose(now),
            Self::One(_) | Self::Few(_) => {
                self.few().iter().find(|it| !it.is_held()).map(|it| it.number)
            }
        }
    }

    /// One of a crowd that nobody holds and nobody used since the entry with that number came.
    pub(super) fn cold(&self, since: u64) -> Option<u64> {
        match self {
            Self::Crowd(crowd) => crowd.cold(since),
            Self::One(_) | Self::Few(_) => None,
        }
    }

    pub(super) fn is_crowd(&self) -> bool {
        matches!(self, Self::Crowd(_))
    }

    pub(super) fn push(&mut self, hashing: &Hashing, key: &Key, new: Shelved) {
        *self = match mem::replace(self, Self::none()) {
            Self::Few(few) if few.is_empty() => Self::One(new),
            Self::One(first) => Self::Few(vec![first, new]),
            Self::Few(mut few) if few.len() < FEW => {
                few.push(new);
                Self::Few(few)
            }
            Self::Few(few) => {
                let mut crowd = Box::new(Crowd::default());
                few.into_iter().chain([new]).for_each(|it| crowd.add(hashing, key, it));
                Self::Crowd(crowd)
            }
            Self::Crowd(mut crowd) => {
                crowd.add(hashing, key, new);
                Self::Crowd(crowd)
            }
        };
    }

    pub(super) fn take(&mut self, number: u64) -> Option<Shelved> {
        let (rest, gone) = match mem::replace(self, Self::none()) {
            Self::One(only) if only.number == number => (Self::none(), Some(only)),
            Self::One(only) => (Self::One(only), None),
            Self::Few(mut few) => {
                let at = few.iter().position(|it| it.number == number);
                let gone = at.map(|at| few.remove(at));
                (Self::of(few), gone)
            }
            Self::Crowd(mut crowd) => {
                let gone = crowd.take(number);
                match crowd.len() <= FEW_AGAIN {
                    true => (Self::of(crowd.into_few()), gone),
                    false => (Self::Crowd(crowd), gone),
                }
            }
        };
        *self = rest;
        gone
    }

    /// A few in order of arrival.
    fn of(mut few: Vec<Shelved>) -> Self {
        match (few.len(), few.pop()) {
            (1, Some(only)) => Self::One(only),
            (_, last) => {
                few.extend(last);
                few.shrink_to_fit();
                Self::Few(few)
            }
        }
    }

    /// Those of a key that is no crowd.
    fn few(&self) -> &[Shelved] {
        match self {
            Self::One(only) => std::slice::from_ref(only),
            Self::Few(few) => few,
            Self::Crowd(_) => &[],
        }
    }
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;
