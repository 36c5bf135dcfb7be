//! The place of a small body whose length was declared: the block of its entry, made when its head came. Its bytes are
//! copied there and nowhere else, and nothing as large is allocated beside it that would leave a gap.

use crate::block::Block;
use crate::body::{SMALL, StoredBody};
use crate::entry::Entry;
use crate::head::StoredHead;

/// The block of an entry that is yet to be, with its head.
pub(super) struct Place {
    head: StoredHead,
    block: Block,
    /// How much of the body has come.
    len: usize,
}

impl Place {
    /// A place for so many bytes; `None` where they are no small body.
    pub(super) fn of(head: &StoredHead, declared: u64) -> Option<Self> {
        let len = usize::try_from(declared).ok().filter(|_| declared <= SMALL)?;
        let mut known = head.known();
        known.body = StoredBody::next_number();
        let block = Block::with_room(known, head.block().lines(), len);
        Some(Self { head: head.clone(), block, len: 0 })
    }

    /// What has come.
    pub(super) fn bytes(&self) -> &[u8] {
        self.block.small().get(..self.len).unwrap_or_default()
    }

    /// Takes of a piece what there is room for, and hands out the rest.
    pub(super) fn take<'a>(&mut self, piece: &'a [u8]) -> &'a [u8] {
        let room = self.block.small().len() - self.len;
        let (now, later) = piece.split_at(room.min(piece.len()));
        self.block.write(self.len, now);
        self.len += now.len();
        later
    }

    /// The entry of a body that is all there, if this is its head.
    pub(super) fn entry(self, head: &StoredHead) -> Result<Entry, Self> {
        let is_whole = self.len == self.block.small().len();
        match is_whole && self.head.block().address() == head.block().address() {
            true => Ok(Entry::in_place(self.block, head)),
            false => Err(self),
        }
    }
}
