//! The place of a small body whose length was declared: it is made when the first of it comes. The bytes are copied there
//! and nowhere else.

use crate::body::{SMALL, Small};

/// A small body that is yet to come, or a part of it.
pub(super) struct Place {
    body: Small,
    /// How much of it has come.
    len: usize,
}

impl Place {
    /// A place for so many bytes; `None` where they are no small body.
    pub(super) fn of(declared: u64) -> Option<Self> {
        let len = usize::try_from(declared).ok().filter(|_| declared <= SMALL)?;
        Some(Self { body: Small::with_room(len), len: 0 })
    }

    /// What has come.
    pub(super) fn bytes(&self) -> &[u8] {
        self.body.bytes().get(..self.len).unwrap_or_default()
    }

    /// Takes of a piece what there is room for, and hands out the rest.
    pub(super) fn take<'a>(&mut self, piece: &'a [u8]) -> &'a [u8] {
        let room = self.body.bytes().len() - self.len;
        let (now, later) = piece.split_at(room.min(piece.len()));
        self.body.write(self.len, now);
        self.len += now.len();
        later
    }

    /// The body, once it is all there.
    pub(super) fn body(self) -> Result<Small, Self> {
        match self.len == self.body.bytes().len() {
            true => Ok(self.body),
            false => Err(self),
        }
    }
}
