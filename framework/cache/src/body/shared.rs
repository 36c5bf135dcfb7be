//! What is known of a body beside its bytes: who pays for it, and how many entries on a shelf have it. It lies before the
//! bytes of a small body, and instead of them where it is none. There are many of the one kind, so its numbers are as small
//! as they may be.

use bytes::Bytes;

use crate::shelf::{Charge, Charged, Payer};
use crate::sync::atomic::{AtomicU16, AtomicU32, AtomicU64};

/// Of a small body, or all of a large one.
pub(super) enum Shared {
    Small { payer: Payer, charged: AtomicU16, shelved: AtomicU32 },
    Large(Box<Large>),
}

/// A body that is not small.
pub(super) struct Large {
    payer: Payer,
    charged: AtomicU64,
    shelved: AtomicU32,
    pub(super) chunks: Box<[Bytes]>,
    pub(super) len: u64,
}

/// What a small body is charged fits its counter by far.
#[cfg(not(shuttle))]
const _: () = assert!(size_of::<Shared>() == 24 && super::SMALL < 1 << 15);

impl Shared {
    pub(super) fn small() -> Self {
        let (payer, charged, shelved) = Default::default();
        Self::Small { payer, charged, shelved }
    }

    pub(super) fn of_chunks(chunks: Vec<Bytes>, len: u64) -> Self {
        let (payer, charged, shelved) = Default::default();
        Self::Large(Box::new(Large { payer, charged, shelved, chunks: chunks.into(), len }))
    }

    pub(super) fn large(&self) -> Option<&Large> {
        match self {
            Self::Small { .. } => None,
            Self::Large(large) => Some(large),
        }
    }

    /// Who pays for the body and its entries.
    pub(super) fn payer(&self) -> &Payer {
        match self {
            Self::Small { payer, .. } => payer,
            Self::Large(large) => &large.payer,
        }
    }

    /// What the body was charged, in bytes.
    pub(super) fn charged(&self) -> u64 {
        match self {
            Self::Small { charged, .. } => charged.get(),
            Self::Large(large) => large.charged.get(),
        }
    }

    /// Takes out of the charge what the body has not yet been charged of its size.
    pub(super) fn settle(&self, charge: &mut Charge, size: u64) {
        match self {
            Self::Small { payer, charged, .. } => payer.settle(charged, charge, size),
            Self::Large(large) => large.payer.settle(&large.charged, charge, size),
        }
    }

    /// How many entries on the shelf have it: a variant that was found by its tag shares the body of another.
    pub(super) fn shelves(&self) -> &AtomicU32 {
        match self {
            Self::Small { shelved, .. } => shelved,
            Self::Large(large) => &large.shelved,
        }
    }
}

/// Before the chunks go, so that they find room among those that are kept for later.
impl Drop for Shared {
    fn drop(&mut self) {
        self.payer().give_back(self.charged());
    }
}
