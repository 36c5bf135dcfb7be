//! The variants of one key. A few are gone through one after the other; a [`Crowd`] of them is found by what selects it,
//! so that a look-up costs the same however many there are.

mod more;

use std::mem;

pub(super) use self::more::FEW;
use self::more::More;
use super::crowd::Crowd;
use super::ordered::{Far as _, Pieces};
use super::place::Hashing;
use super::shelved::{Shelved, gives_way};
use crate::entry::Entry;
use crate::key::Key;
use crate::vary::Selecting;

/// The entries of a key. Nearly all keys have one, which lies with its key, and no byte tells which of both it is.
#[derive(Debug)]
pub(super) enum Variants {
    One(Shelved),
    /// None only for a moment.
    More(Option<Box<More>>),
}

impl Variants {
    pub(super) fn none() -> Self {
        Self::More(None)
    }

    pub(super) fn len(&self) -> usize {
        self.crowd().map_or(self.few().len(), Crowd::len)
    }

    /// Where the only one lies. Several are found one after the other.
    pub(super) fn pieces(&self) -> Pieces {
        match self {
            Self::One(only) => only.pieces(),
            Self::More(_) => Pieces::default(),
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
        // Nearly all have one, and this is on the way of each hit.
        if let Self::One(only) = self {
            return Some(&*only).filter(selects).into_iter().for_each(found);
        }
        match self.crowd_mut() {
            Some(crowd) => {
                for number in crowd.told_by(hashing, request) {
                    crowd.used(number, now).filter(selects).into_iter().for_each(&mut found);
                }
            }
            None => self.few().iter().rev().filter(selects).for_each(found),
        }
    }

    /// What the origin can be asked about for a request that selects nothing, the last to arrive first: all of a few, of a
    /// crowd those that were used of late, and some for each list of names.
    pub(super) fn known(&self) -> Vec<&Shelved> {
        match self.crowd() {
            Some(crowd) => crowd.known(),
            None => self.few().iter().rev().collect(),
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
        let crowd = self.crowd().map(Crowd::oldest_first);
        self.few().iter().chain(crowd.into_iter().flatten())
    }

    pub(super) fn numbers(&self) -> Vec<u64> {
        self.oldest_first().map(|it| it.number).collect()
    }

    pub(super) fn get(&self, number: u64) -> Option<&Shelved> {
        match self.crowd() {
            Some(crowd) => crowd.get(number),
            None => self.few().iter().find(|it| it.number == number),
        }
    }

    /// What a new entry takes the place of.
    pub(super) fn giving_way(&self, hashing: &Hashing, new: &Entry) -> Vec<&Shelved> {
        let gives_way = |old: &&Shelved| gives_way(&old.entry, new);
        match self.crowd() {
            Some(crowd) => crowd.like(hashing, new).filter(gives_way).collect(),
            None => self.few().iter().filter(gives_way).collect(),
        }
    }

    /// What has to go beside, since this one came last: all of a key that is no crowd may stay.
    pub(super) fn surplus(&self, share: u64, last: u64) -> Vec<u64> {
        self.crowd().map(|crowd| crowd.surplus(share, last)).unwrap_or_default()
    }

    /// The one to evict: the oldest that nobody holds, so that its memory is free once it leaves.
    pub(super) fn loose(&mut self, now: u64) -> Option<u64> {
        match self.crowd_mut() {
            Some(crowd) => crowd.loose(now),
            None => self.few().iter().find(|it| !it.is_held()).map(|it| it.number),
        }
    }

    /// One of a crowd that nobody holds and nobody used since the entry with that number came.
    pub(super) fn cold(&self, since: u64) -> Option<u64> {
        self.crowd()?.cold(since)
    }

    pub(super) fn is_crowd(&self) -> bool {
        self.crowd().is_some()
    }

    pub(super) fn push(&mut self, hashing: &Hashing, key: &Key, new: Shelved) {
        *self = match mem::replace(self, Self::none()) {
            Self::More(None) => Self::One(new),
            Self::One(first) => Self::more(More::Few(vec![first, new])),
            Self::More(Some(mut more)) => {
                more.push(hashing, key, new);
                Self::More(Some(more))
            }
        };
    }

    pub(super) fn take(&mut self, number: u64) -> Option<Shelved> {
        match mem::replace(self, Self::none()) {
            Self::One(only) if only.number == number => Some(only),
            Self::More(Some(mut more)) => {
                let gone = more.take(number);
                *self = more.or_one();
                gone
            }
            other => {
                *self = other;
                None
            }
        }
    }

    fn more(more: More) -> Self {
        Self::More(Some(Box::new(more)))
    }

    /// Those of a key that is no crowd.
    fn few(&self) -> &[Shelved] {
        match self {
            Self::One(only) => std::slice::from_ref(only),
            Self::More(more) => match more.as_deref() {
                Some(More::Few(few)) => few,
                Some(More::Crowd(_)) | None => &[],
            },
        }
    }

    fn crowd(&self) -> Option<&Crowd> {
        match self {
            Self::More(Some(more)) => more.crowd(),
            Self::One(_) | Self::More(None) => None,
        }
    }

    fn crowd_mut(&mut self) -> Option<&mut Crowd> {
        match self {
            Self::More(Some(more)) => more.crowd_mut(),
            Self::One(_) | Self::More(None) => None,
        }
    }
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;
