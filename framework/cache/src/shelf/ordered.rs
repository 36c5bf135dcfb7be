//! Values by hash, in their order of use.
//!
//! A hit at a key that was not asked for of late waits for memory at each step, so there are two: a line of the table, and
//! the line that has all that belongs to a value, which is its hash, its neighbours in the order, and the value itself.
//! What the value keeps elsewhere comes at the same time (`ahead`). Values stay where they are, unless they are packed, or
//! are a first few.

mod ahead;
mod nodes;
mod noted;
mod table;

use std::iter;

pub(super) use self::ahead::{Asks, Far, Pieces};
pub(crate) use self::nodes::Node;
use self::nodes::{NOWHERE, Nodes};
pub(super) use self::noted::Noted;
use self::table::Table;

/// How many nodes lie in one page, unless it is said.
const PAGE: usize = 256;

/// Where there are so many places for each value, half of the memory is for nothing.
const SPARSE: usize = 2;

/// Values by hash. No two have the same.
pub(super) struct Ordered<T, const IN_PAGE: usize = PAGE> {
    /// The places of the values.
    table: Table,
    nodes: Nodes<T, IN_PAGE>,
    newest: u32,
    oldest: u32,
    /// The first of the places that are free; each knows the next as its older one.
    free: u32,
}

impl<T: Far, const IN_PAGE: usize> Ordered<T, IN_PAGE> {
    pub(super) fn new(asks: Asks) -> Self {
        let (table, nodes) = (Table::new(asks), Nodes::new());
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

    /// Notes what lies behind the value with this hash, which has changed.
    pub(super) fn note(&mut self, hash: u64) {
        let Some(place) = self.find(hash) else { return };
        let value = self.nodes.get(place).and_then(|node| node.value.as_ref());
        value.map(T::pieces).into_iter().for_each(|it| self.table.note(hash, place, it));
    }

    /// Takes the value with this hash out, and gives memory back with the last.
    pub(super) fn remove(&mut self, hash: u64) -> Option<T> {
        let nodes = &self.nodes;
        let place = self.table.remove(hash, |place| nodes.has(place, hash))?;
        self.unlink(place);
        let node = self.nodes.get_mut(place)?;
        node.older = std::mem::replace(&mut self.free, place);
        let value = node.value.take();
        if self.table.len() == 0 {
            *self = Self::new(self.table.asks());
        }
        value
    }

    /// Moves the values together and gives the rest of the memory back, where half of the places are free. It costs as much as
    /// there are values, and comes after as many were taken out.
    pub(super) fn pack(&mut self) {
        if self.nodes.len() < SPARSE * self.len().max(IN_PAGE) {
            return;
        }
        let mut packed = Self::new(self.table.asks());
        while let Some((hash, _)) = self.oldest()
            && let Some(value) = self.remove(hash)
        {
            packed.used_or_insert(hash, || value);
        }
        *self = packed;
    }

    /// What lies at a place. Asks for the memory of its neighbours in the order.
    fn at(&mut self, place: u32) -> Option<&mut T> {
        let &Node { newer, older, .. } = self.nodes.get(place)?;
        self.nodes.ask(newer);
        self.nodes.ask(older);
        self.nodes.get_mut(place)?.value.as_mut()
    }

    fn find(&self, hash: u64) -> Option<u32> {
        self.table.find(hash, |place| self.nodes.has(place, hash))
    }

    /// Puts in what is not there, as the newest.
    fn insert(&mut self, hash: u64, value: T) -> Option<u32> {
        let (pieces, node) = (value.pieces(), Node::new(hash, value));
        let place = match self.nodes.get_mut(self.free) {
            Some(free) => {
                let place = std::mem::replace(&mut self.free, free.older);
                *free = node;
                place
            }
            None => self.nodes.push(node)?,
        };
        self.enter(hash, place, pieces);
        self.link(place);
        Some(place)
    }

    /// Notes a place in the table. Where that is full there is another one, made of the values as they lie in memory, so that
    /// they come without waiting.
    fn enter(&mut self, hash: u64, place: u32, pieces: Pieces) {
        if !self.table.is_full() {
            return self.table.add(hash, place, pieces);
        }
        let mut table = Table::for_more_than(self.table.len(), self.table.asks());
        let all = self.nodes.taken();
        all.for_each(|(hash, place, value)| table.add(hash, place, value.pieces()));
        self.table = table;
    }

    /// Makes a place the newest.
    fn renew(&mut self, place: u32) {
        let newest = std::mem::replace(&mut self.newest, place);
        if newest == place {
            return;
        }
        if let Some(node) = self.nodes.get_mut(place) {
            let (newer, older) = (node.newer, node.older);
            (node.newer, node.older) = (NOWHERE, newest);
            self.join(newer, older);
        }
        self.follow(newest, place);
    }

    /// Puts a place that is out of the order at its newest end.
    fn link(&mut self, place: u32) {
        let newest = std::mem::replace(&mut self.newest, place);
        if let Some(node) = self.nodes.get_mut(place) {
            (node.newer, node.older) = (NOWHERE, newest);
        }
        self.follow(newest, place);
    }

    /// Takes a place out of the order.
    fn unlink(&mut self, place: u32) {
        let Some(&Node { newer, older, .. }) = self.nodes.get(place) else { return };
        self.join(newer, older);
        if self.newest == place {
            self.newest = older;
        }
    }

    /// Makes neighbours of the two sides of a place.
    fn join(&mut self, newer: u32, older: u32) {
        if let Some(node) = self.nodes.get_mut(newer) {
            node.older = older;
        }
        self.follow(older, newer);
    }

    /// Makes one place the next newer of the other.
    fn follow(&mut self, older: u32, newer: u32) {
        match self.nodes.get_mut(older) {
            Some(node) => node.newer = newer,
            None => self.oldest = newer,
        }
    }
}

impl<T: Far, const IN_PAGE: usize> Default for Ordered<T, IN_PAGE> {
    fn default() -> Self {
        Self::new(Asks::default())
    }
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;
