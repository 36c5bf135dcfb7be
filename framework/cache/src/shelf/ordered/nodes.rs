//! Places with what lies there, by number, in pages that stay where they are: growing moves no more than a first page and
//! the list of the others, which is so short that it is always at hand.

use std::slice;

use prefetch_index::prefetch_index;

/// A place. A free one has no value.
#[repr(align(64))]
pub(crate) struct Node<T> {
    pub(super) hash: u64,
    pub(super) newer: u32,
    pub(super) older: u32,
    pub(super) value: Option<T>,
}

/// No place: the end of the order, or of the list of free places.
pub(super) const NOWHERE: u32 = u32::MAX;

/// So many places are made at once at least.
const FEW: usize = 4;

/// All places, by number.
pub(super) struct Nodes<T, const IN_PAGE: usize> {
    /// A page that grows, so that a few need no whole one.
    first: Vec<Node<T>>,
    /// The others; of the last one, not all may be in use.
    pages: Vec<Box<[Node<T>; IN_PAGE]>>,
    len: usize,
}

impl<T> Node<T> {
    pub(super) fn new(hash: u64, value: T) -> Self {
        Self { hash, newer: NOWHERE, older: NOWHERE, value: Some(value) }
    }

    fn free() -> Self {
        Self { hash: 0, newer: NOWHERE, older: NOWHERE, value: None }
    }
}

impl<T, const IN_PAGE: usize> Nodes<T, IN_PAGE> {
    pub(super) fn new() -> Self {
        Self { first: Vec::new(), pages: Vec::new(), len: 0 }
    }

    pub(super) fn get(&self, place: u32) -> Option<&Node<T>> {
        let (page, at) = (place as usize / IN_PAGE, place as usize % IN_PAGE);
        match page.checked_sub(1) {
            Some(page) => self.pages.get(page)?.get(at),
            None => self.first.get(at),
        }
    }

    pub(super) fn get_mut(&mut self, place: u32) -> Option<&mut Node<T>> {
        let (page, at) = (place as usize / IN_PAGE, place as usize % IN_PAGE);
        match page.checked_sub(1) {
            Some(page) => self.pages.get_mut(page)?.get_mut(at),
            None => self.first.get_mut(at),
        }
    }

    /// How many places there are, free ones included.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn has(&self, place: u32, hash: u64) -> bool {
        self.get(place).is_some_and(|node| node.hash == hash)
    }

    /// The places that have a value with the hashes, one after the other as they lie in memory.
    pub(super) fn taken(&self) -> impl Iterator<Item = (u64, u32, &T)> {
        let nodes = self.first.iter().chain(self.pages.iter().flat_map(|page| page.iter()));
        nodes.zip(0..).filter_map(|(node, place)| Some((node.hash, place, node.value.as_ref()?)))
    }

    /// Asks for the memory of a place, and does not wait for it.
    pub(super) fn ask(&self, place: u32) {
        if let Some(node) = self.get(place) {
            prefetch_index(slice::from_ref(node), 0);
        }
    }

    /// Adds a place; `None` where its number would be none.
    pub(super) fn push(&mut self, node: Node<T>) -> Option<u32> {
        let place = u32::try_from(self.len).ok().filter(|place| *place != NOWHERE)?;
        match self.len < IN_PAGE {
            true => self.push_first(node),
            false => self.push_behind(node)?,
        }
        self.len += 1;
        Some(place)
    }

    /// The first page grows by a quarter: each of many shards has one.
    fn push_first(&mut self, node: Node<T>) {
        if self.first.len() == self.first.capacity() {
            let more = (self.first.len() / 4).max(FEW).min(IN_PAGE - self.first.len());
            self.first.reserve_exact(more);
        }
        self.first.push(node);
    }

    fn push_behind(&mut self, node: Node<T>) -> Option<()> {
        let (page, at) = (self.len / IN_PAGE - 1, self.len % IN_PAGE);
        if page == self.pages.len() {
            self.pages.push(free_page()?);
        }
        *self.pages.get_mut(page)?.get_mut(at)? = node;
        Some(())
    }
}

fn free_page<T, const IN_PAGE: usize>() -> Option<Box<[Node<T>; IN_PAGE]>> {
    let nodes: Box<[Node<T>]> = (0..IN_PAGE).map(|_| Node::free()).collect();
    nodes.try_into().ok()
}
