//! The entries of a key that has more than one: a few, or a crowd.

use std::mem;

use super::Variants;
use crate::key::Key;
use crate::shelf::crowd::Crowd;
use crate::shelf::place::Hashing;
use crate::shelf::shelved::Shelved;

/// So many entries of a key are few. A key may have as many whatever they take.
pub(in crate::shelf) const FEW: usize = 16;

/// A crowd that has shrunk to so many is one no more.
pub(super) const FEW_AGAIN: usize = FEW * 3 / 4;

/// More entries than one.
#[derive(Debug)]
pub(in crate::shelf) enum More {
    /// In order of arrival.
    Few(Vec<Shelved>),
    Crowd(Crowd),
}

impl More {
    pub(super) fn push(&mut self, hashing: &Hashing, key: &Key, new: Shelved) {
        match self {
            Self::Crowd(crowd) => crowd.add(hashing, key, new),
            Self::Few(few) if few.len() < FEW => few.push(new),
            Self::Few(few) => {
                let mut crowd = Crowd::default();
                mem::take(few).into_iter().chain([new]).for_each(|it| crowd.add(hashing, key, it));
                *self = Self::Crowd(crowd);
            }
        }
    }

    pub(super) fn take(&mut self, number: u64) -> Option<Shelved> {
        let crowd = match self {
            Self::Crowd(crowd) => crowd,
            Self::Few(few) => {
                let at = few.iter().position(|it| it.number == number);
                return at.map(|at| few.remove(at));
            }
        };
        let gone = crowd.take(number);
        if crowd.len() <= FEW_AGAIN {
            *self = Self::Few(mem::take(crowd).into_few());
        }
        gone
    }

    /// What is left of it.
    pub(super) fn or_one(mut self: Box<Self>) -> Variants {
        if let Self::Few(few) = &mut *self {
            match few.as_slice() {
                [_] => return few.pop().map_or(Variants::none(), Variants::One),
                [] => return Variants::none(),
                [_, _, ..] => few.shrink_to_fit(),
            }
        }
        Variants::More(Some(self))
    }

    pub(super) fn crowd(&self) -> Option<&Crowd> {
        match self {
            Self::Crowd(crowd) => Some(crowd),
            Self::Few(_) => None,
        }
    }

    pub(super) fn crowd_mut(&mut self) -> Option<&mut Crowd> {
        match self {
            Self::Crowd(crowd) => Some(crowd),
            Self::Few(_) => None,
        }
    }
}
