//! What all rows of the file come to: one number that changes with any byte of any row, and that a change of few rows
//! brings up to date without a look at the others.
//!
//! redb sums its pages, and checks the sums only of a file that was not closed. A disk that gives back other bytes than it
//! was given would be believed otherwise. Not a seal: who can write the file can write this, too.

use sha2::{Digest as _, Sha256};

/// A name and a text: a row, or a fact that counts as one.
pub(super) type Entry<'a> = (&'a str, &'a [u8]);

/// The exclusive or of the digests of all entries, of which no two have one name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    /// That of these entries.
    pub(super) fn of<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> Self {
        let mut digest = Self::default();
        entries.into_iter().for_each(|entry| digest.turn(entry));
        digest
    }

    /// The one that these bytes are.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Puts an entry in that is not in it, or takes one out that is.
    pub(super) fn turn(&mut self, (name, text): Entry<'_>) {
        let length = u64::try_from(name.len()).unwrap_or(u64::MAX).to_le_bytes();
        let sum = Sha256::new().chain_update(length).chain_update(name).chain_update(text);
        self.0.iter_mut().zip(sum.finalize()).for_each(|(mine, its)| *mine ^= its);
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}
