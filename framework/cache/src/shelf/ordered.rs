//! Values by hash, in their order of use.
//!
//! A hit at a key that was not asked for of late waits for memory at each step, so what belongs to a value lies in one
//! line of it: its hash, its neighbours in the order, and the value. Beside that there is a table with five bytes a
//! value. Values stay where they are, however many come, unless they are packed.

use std::iter;

use hashbrown::HashTable;

/// How many nodes lie in one page, unless it is said. Pages stay where they are, so growing moves nothing but the list of
/// them.
const PAGE: usize = 64;

/// Where there are so many places for each value, half of the memory is for nothing.
const SPARSE: usize = 2;

/// No place: the end of the order, or of the list of free places.
const NOWHERE: u32 = u32::MAX;

/// Values by hash. No two have the same.
pub(super) struct Ordered<T, const IN_PAGE: usize = PAGE> {
    /// The places of the values.
    table: HashTable<u32>,
    nodes: Nodes<T, IN_PAGE>,
    newest: u32,
    oldest: u32,
    /// The first of the places that are free; each knows the next as its older one.
    free: u32,
}

/// All places, by number.
struct Nodes<T, const IN_PAGE: usize>(Vec<Vec<Node<T>>>);

/// A place. A free one has no value.
#[repr(align(64))]
pub(crate) struct Node<T> {
    hash: u64,
    newer: u32,
    older: u32,
    value: Option<T>,
}

impl<T, const IN_PAGE: usize> Ordered<T, IN_PAGE> {
    pub(super) fn new() -> Self {
        let (table, nodes) = (HashTable::new(), Nodes(Vec::new()));
        Self { table, nodes, newest: NOWHERE, oldest: NOWHERE, free: NOWHERE }
    }

    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    /// The value with this hash, which becomes the newest.
    pub(super) fn used(&mut self, hash: u64) -> Option<&mut T> {
        let place = self.find(hash)?;
        self.renew(place);
        self.nodes.get_mut(place)?.value.as_mut()
    }

    /// The same without making it the newest.
    pub(super) fn peek(&self, hash: u64) -> Option<&T> {
        self.nodes.get(self.find(hash)?)?.value.as_ref()
    }

    pub(super) fn peek_mut(&mut self, hash: u64) -> Option<&mut T> {
        let place = self.find(hash)?;
        self.nodes.get_mut(place)?.value.as_mut()
    }

    /// The value that was not used for longest, with its hash.
    pub(super) fn oldest(&self) -> Option<(u64, &T)> {
        let node = self.nodes.get(self.oldest)?;
        Some((node.hash, node.value.as_ref()?))
    }

    /// All values, the one that was not used for longest first.
    pub(super) fn oldest_first(&self) -> impl Iterator<Item = &T> {
        let newer = |node: &&Node<T>| self.nodes.get(node.newer);
        let nodes = iter::successors(self.nodes.get(self.oldest), newer);
        nodes.filter_map(|node| node.value.as_ref())
    }

    /// The same from the other end.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = &T> {
        let older = |node: &&Node<T>| self.nodes.get(node.older);
        let nodes = iter::successors(self.nodes.get(self.newest), older);
        nodes.filter_map(|node| node.value.as_ref())
    }

    /// The value with this hash, made where there is none; it becomes the newest. `None` where there are as many as can
    /// be told apart.
    pub(super) fn used_or_insert(&mut self, hash: u64, make: impl FnOnce() -> T) -> Option<&mut T> {
        let place = match self.find(hash) {
            Some(place) => place,
            None => self.insert(hash, make())?,
        };
        self.renew(place);
        self.nodes.get_mut(place)?.value.as_mut()
    }

    /// Takes the value with this hash out, and gives memory back with the last.
    pub(super) fn remove(&mut self, hash: u64) -> Option<T> {
        let nodes = &self.nodes;
        let found = self.table.find_entry(hash, |at| nodes.has(*at, hash)).ok()?;
        let (place, _) = found.remove();
        self.unlink(place);
        let node = self.nodes.get_mut(place)?;
        node.older = std::mem::replace(&mut self.free, place);
        let value = node.value.take();
        if self.table.is_empty() {
            *self = Self::new();
        }
        value
    }

    /// Moves the values together and gives the rest of the memory back, where half of the places are free. It costs as much as
    /// there are values, and comes after as many were taken out.
    pub(super) fn pack(&mut self) {
        if self.nodes.len() < SPARSE * self.len().max(IN_PAGE) {
            return;
        }
        let mut packed = Self::new();
        while let Some((hash, _)) = self.oldest()
            && let Some(value) = self.remove(hash)
        {
            packed.used_or_insert(hash, || value);
        }
        *self = packed;
    }

    fn find(&self, hash: u64) -> Option<u32> {
        self.table.find(hash, |at| self.nodes.has(*at, hash)).copied()
    }

    /// Puts in what is not there, as the newest.
    fn insert(&mut self, hash: u64, value: T) -> Option<u32> {
        let node = Node { hash, newer: NOWHERE, older: NOWHERE, value: Some(value) };
        let place = match self.nodes.get_mut(self.free) {
            Some(free) => {
                let place = std::mem::replace(&mut self.free, free.older);
                *free = node;
                place
            }
            None => self.nodes.push(node)?,
        };
        let nodes = &self.nodes;
        self.table.insert_unique(hash, place, |at| nodes.hash(*at));
        self.link(place);
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
        if let Some(node) = self.nodes.get_mut(place) {
            (node.newer, node.older) = (NOWHERE, older);
        }
        match self.nodes.get_mut(older) {
            Some(node) => node.newer = place,
            None => self.oldest = place,
        }
    }

    /// Takes a place out of the order.
    fn unlink(&mut self, place: u32) {
        let Some(&Node { newer, older, .. }) = self.nodes.get(place) else { return };
        match self.nodes.get_mut(newer) {
            Some(node) => node.older = older,
            None => self.newest = older,
        }
        match self.nodes.get_mut(older) {
            Some(node) => node.newer = newer,
            None => self.oldest = newer,
        }
    }
}

impl<T, const IN_PAGE: usize> Default for Ordered<T, IN_PAGE> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T, const IN_PAGE: usize> Nodes<T, IN_PAGE> {
    fn get(&self, place: u32) -> Option<&Node<T>> {
        self.0.get(place as usize / IN_PAGE)?.get(place as usize % IN_PAGE)
    }

    fn get_mut(&mut self, place: u32) -> Option<&mut Node<T>> {
        self.0.get_mut(place as usize / IN_PAGE)?.get_mut(place as usize % IN_PAGE)
    }

    /// How many places there are, free ones included.
    fn len(&self) -> usize {
        let full = self.0.len().saturating_sub(1) * IN_PAGE;
        full + self.0.last().map_or(0, Vec::len)
    }

    fn has(&self, place: u32, hash: u64) -> bool {
        self.get(place).is_some_and(|node| node.hash == hash)
    }

    fn hash(&self, place: u32) -> u64 {
        self.get(place).map_or(0, |node| node.hash)
    }

    /// Adds a place; `None` where its number would be none.
    fn push(&mut self, node: Node<T>) -> Option<u32> {
        let is_full = self.0.last().is_none_or(|page| page.len() == IN_PAGE);
        if is_full {
            self.0.push(Vec::with_capacity(IN_PAGE));
        }
        let before = (self.0.len() - 1) * IN_PAGE;
        let page = self.0.last_mut()?;
        let place = u32::try_from(before + page.len()).ok().filter(|place| *place != NOWHERE)?;
        page.push(node);
        Some(place)
    }
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;
