//! Values by hash, in their order of use.
//!
//! A hit at a key that was not asked for of late waits for memory at each step, so what a step needs lies close
//! together: the table has four bytes a value, and the order of use with the hashes is an array of its own, so that
//! marking a value as used touches no other value.

use std::iter;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

/// How many values lie in one page. Pages stay where they are, so growing moves nothing but the list of them.
const PAGE: usize = 128;

/// No place: the end of the order, or of the list of free places.
const NOWHERE: u32 = u32::MAX;

/// Values by hash. No two have the same.
pub(super) struct Ordered<T> {
    /// The places of the values.
    table: HashTable<u32>,
    links: Vec<Link>,
    pages: Vec<Vec<Option<T>>>,
    newest: u32,
    oldest: u32,
    /// The first of the places that are free; each knows the next as its older one.
    free: u32,
}

/// What is known of a place beside its value.
#[derive(Clone, Copy)]
struct Link {
    hash: u64,
    newer: u32,
    older: u32,
}

impl<T> Ordered<T> {
    pub(super) fn new() -> Self {
        Self {
            table: HashTable::new(),
            links: Vec::new(),
            pages: Vec::new(),
            newest: NOWHERE,
            oldest: NOWHERE,
            free: NOWHERE,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    /// The value with this hash, which becomes the newest.
    pub(super) fn used(&mut self, hash: u64) -> Option<&T> {
        let place = self.find(hash)?;
        self.renew(place);
        self.value(place)
    }

    /// The same without making it the newest.
    pub(super) fn peek(&self, hash: u64) -> Option<&T> {
        self.value(self.find(hash)?)
    }

    pub(super) fn peek_mut(&mut self, hash: u64) -> Option<&mut T> {
        let place = self.find(hash)?;
        self.value_mut(place)?.as_mut()
    }

    /// The value that was not used for longest, with its hash.
    pub(super) fn oldest(&self) -> Option<(u64, &T)> {
        let link = self.links.get(self.oldest as usize)?;
        Some((link.hash, self.value(self.oldest)?))
    }

    /// All values, the one that was not used for longest first.
    pub(super) fn oldest_first(&self) -> impl Iterator<Item = &T> {
        let newer = |place: &u32| self.links.get(*place as usize).map(|link| link.newer);
        let places = iter::successors(Some(self.oldest), newer);
        places.map_while(|place| self.value(place))
    }

    /// The value with this hash, made where there is none; it becomes the newest. `None` where there are as many as can
    /// be told apart.
    pub(super) fn used_or_insert(&mut self, hash: u64, make: impl FnOnce() -> T) -> Option<&mut T> {
        let place = match self.find(hash) {
            Some(place) => {
                self.renew(place);
                place
            }
            None => self.insert(hash, make())?,
        };
        self.value_mut(place)?.as_mut()
    }

    /// Takes the value with this hash out.
    pub(super) fn remove(&mut self, hash: u64) -> Option<T> {
        let place = self.find(hash)?;
        let links = &self.links;
        if let Ok(found) = self.table.find_entry(hash, |at| links[*at as usize].hash == hash) {
            found.remove();
        }
        self.unlink(place);
        let value = self.value_mut(place)?.take();
        self.links[place as usize].older = self.free;
        self.free = place;
        if self.table.is_empty() {
            *self = Self::new();
        }
        value
    }

    fn find(&self, hash: u64) -> Option<u32> {
        self.table.find(hash, |at| self.links[*at as usize].hash == hash).copied()
    }

    fn value(&self, place: u32) -> Option<&T> {
        let (page, at) = position(place);
        self.pages.get(page)?.get(at)?.as_ref()
    }

    fn value_mut(&mut self, place: u32) -> Option<&mut Option<T>> {
        let (page, at) = position(place);
        self.pages.get_mut(page)?.get_mut(at)
    }

    fn insert(&mut self, hash: u64, value: T) -> Option<u32> {
        let place = self.free_place(hash)?;
        *self.value_mut(place)? = Some(value);
        let links = &self.links;
        let same = |at: &u32| links[*at as usize].hash == hash;
        match self.table.entry(hash, same, |at| links[*at as usize].hash) {
            Entry::Occupied(mut there) => *there.get_mut() = place,
            Entry::Vacant(free) => drop(free.insert(place)),
        }
        self.link(place);
        Some(place)
    }

    /// A place without a value and out of the order, for a value with this hash.
    fn free_place(&mut self, hash: u64) -> Option<u32> {
        let unlinked = Link { hash, newer: NOWHERE, older: NOWHERE };
        if let Some(link) = self.links.get_mut(self.free as usize) {
            let place = self.free;
            self.free = link.older;
            *link = unlinked;
            return Some(place);
        }
        let place = u32::try_from(self.links.len()).ok().filter(|place| *place != NOWHERE)?;
        let (page, _) = position(place);
        if page == self.pages.len() {
            self.pages.push(Vec::with_capacity(PAGE));
        }
        self.pages.get_mut(page)?.push(None);
        self.links.push(unlinked);
        Some(place)
    }

    /// Makes a place the newest.
    fn renew(&mut self, place: u32) {
        if self.newest != place {
            self.unlink(place);
            self.link(place);
        }
    }

    /// Puts a place that is out of the order at its newest end.
    fn link(&mut self, place: u32) {
        let older = std::mem::replace(&mut self.newest, place);
        let link = &mut self.links[place as usize];
        (link.newer, link.older) = (NOWHERE, older);
        match self.links.get_mut(older as usize) {
            Some(link) => link.newer = place,
            None => self.oldest = place,
        }
    }

    /// Takes a place out of the order.
    fn unlink(&mut self, place: u32) {
        let Link { newer, older, .. } = self.links[place as usize];
        match self.links.get_mut(newer as usize) {
            Some(link) => link.older = older,
            None => self.newest = older,
        }
        match self.links.get_mut(older as usize) {
            Some(link) => link.newer = newer,
            None => self.oldest = newer,
        }
    }
}

/// Which page a place is in, and where.
fn position(place: u32) -> (usize, usize) {
    (place as usize / PAGE, place as usize % PAGE)
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;
