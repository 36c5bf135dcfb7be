//! Places with what lies there, by number, in pages that stay where they are: growing moves no more than a first page and
//! the list of the others, which is so short that it is always at hand.

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

/// All places, by number.
pub(super) struct Nodes<T, const IN_PAGE: usize> {
    /// A page that grows.
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
            None => self.first.get(at),
            Some(page) => self.pages.get(page)?.get(at),
        }
    }

    pub(super) fn get_mut(&mut self, place: u32) -> Option<&mut Node<T>> {
        let (page, at) = (place as usize / IN_PAGE, place as usize % IN_PAGE);
        match page.checked_sub(1) {
            None => self.first.get_mut(at),
            Some(page) => self.pages.get_mut(page)?.get_mut(at),
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
    pub(super) fn taken(&self) -> impl Iterator<Item = (u64, u32)> {
        let nodes = self.first.iter().chain(self.pages.iter().flat_map(|page| page.iter()));
        let taken = nodes.zip(0..).filter(|(node, _)| node.value.is_some());
        taken.map(|(node, place)| (node.hash, place))
    }

    /// Reads something of what lies on both sides of a place.
    pub(super) fn touch(&self, place: u32) -> u32 {
        let link = |place| self.get(place).map_or(0, |node| node.newer);
        self.get(place).map_or(0, |node| link(node.newer) ^ link(node.older))
    }

    /// Adds a place; `None` where its number would be none.
    pub(super) fn push(&mut self, node: Node<T>) -> Option<u32> {
        let place = u32::try_from(self.len).ok().filter(|place| *place != NOWHERE)?;
        if self.len < IN_PAGE {
            self.first.push(node);
        } else {
            if self.len.is_multiple_of(IN_PAGE) {
                self.pages.push(free_page()?);
            }
            *self.get_mut(place)? = node;
        }
        self.len += 1;
        Some(place)
    }
}

fn free_page<T, const IN_PAGE: usize>() -> Option<Box<[Node<T>; IN_PAGE]>> {
    let nodes: Box<[Node<T>]> = (0..IN_PAGE).map(|_| Node::free()).collect();
    nodes.try_into().ok()
}
