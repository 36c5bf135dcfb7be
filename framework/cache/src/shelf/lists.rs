//! The lists of names in `Vary` that the variants of a crowd are selected by, nearly always one.
//!
//! Each has a number, which stands in front of the hash of what is said of its names: a [`Selector`].

use http::HeaderName;

use super::place::Hashing;
use crate::vary::{Selecting, Variant};

/// How many lists there may be: each costs a look-up something. It is a strange origin that needs more.
const MAX_LISTS: usize = 16;

/// Where the number of the list stands in a selector.
const SHIFT: u32 = u64::BITS - 8;

/// A list's number and the hash of what is said of its names. Those that say the same have the same; the hash may err.
pub(super) type Selector = u64;

/// The lists, by number; one without members is free for others.
#[derive(Default)]
pub(super) struct Lists(Vec<List>);

struct List {
    names: Box<[HeaderName]>,
    members: usize,
    /// The number of the last entry that came.
    last: u64,
}

impl Lists {
    /// What a request says, once for each list.
    pub(super) fn told_by(
        &self,
        hashing: &Hashing,
        request: &Selecting<'_>,
    ) -> impl Iterator<Item = Selector> {
        self.used().map(move |(at, list)| {
            within(at, hashing.told(|hasher| request.tell(&list.names, hasher)))
        })
    }

    /// What a variant is selected by; `None` where no other has its names.
    pub(super) fn selector(&self, hashing: &Hashing, variant: &Variant) -> Option<Selector> {
        let at = self.find(variant)?;
        Some(within(at, hashing.told(|hasher| variant.tell(hasher))))
    }

    /// Counts an entry that comes with this number.
    pub(super) fn add(&mut self, hashing: &Hashing, variant: &Variant, number: u64) -> Selector {
        let at = self.find_or_make(variant);
        if let Some(list) = self.0.get_mut(at) {
            (list.members, list.last) = (list.members + 1, number);
        }
        within(at, hashing.told(|hasher| variant.tell(hasher)))
    }

    /// One that is selected so has left.
    pub(super) fn remove(&mut self, selector: Selector) {
        if let Some(list) = self.0.get_mut((selector >> SHIFT) as usize) {
            list.members -= 1;
        }
    }

    /// For each list the least and the greatest selector.
    pub(super) fn bounds(&self) -> impl Iterator<Item = (Selector, Selector)> {
        self.used().map(|(at, _)| bounds(at))
    }

    /// Those of the list that nothing came to for longest, where there are too many.
    pub(super) fn surplus(&self) -> Option<(Selector, Selector)> {
        let (at, _) = self.used().min_by_key(|(_, list)| list.last)?;
        (self.used().count() > MAX_LISTS).then(|| bounds(at))
    }

    fn used(&self) -> impl Iterator<Item = (usize, &List)> {
        self.0.iter().enumerate().filter(|(_, list)| list.members > 0)
    }

    fn find(&self, variant: &Variant) -> Option<usize> {
        let mut found = self.used().filter(|(_, list)| variant.names().eq(list.names.iter()));
        found.next().map(|(at, _)| at)
    }

    fn find_or_make(&mut self, variant: &Variant) -> usize {
        let new = || List { names: variant.names().cloned().collect(), members: 0, last: 0 };
        let free = || self.0.iter().position(|list| list.members == 0);
        let at = self.find(variant).or_else(free).unwrap_or(self.0.len());
        match self.0.get_mut(at) {
            Some(list) if list.members == 0 => *list = new(),
            Some(_) => {}
            None => self.0.push(new()),
        }
        at
    }
}

fn within(at: usize, hash: u64) -> Selector {
    ((at as u64) << SHIFT) | (hash & !(u64::MAX << SHIFT))
}

fn bounds(at: usize) -> (Selector, Selector) {
    (within(at, 0), within(at, u64::MAX))
}
