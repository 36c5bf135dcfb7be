//! What a head keeps beside its header section; most heads keep nothing, and have no room for it.

use bytes::Bytes;
use selvedge_model::key::SurrogateKey;

use crate::body::ALLOCATION;

/// What shared bytes cost beside them: an allocation, and one of what counts their readers.
const BYTES_OVERHEAD: usize = 24 + 2 * ALLOCATION;

/// Surrogate keys that stand in no field, and what code wants to know of an object later.
#[derive(Debug, Clone, Default)]
pub(crate) struct Further {
    pub(super) keys: Box<[SurrogateKey]>,
    pub(super) metadata: Bytes,
}

impl Further {
    /// Bytes that it keeps: itself, the counters of who shares it, its metadata and its keys.
    pub(crate) fn size(&self) -> usize {
        let key_size =
            |key: &SurrogateKey| size_of::<SurrogateKey>() + ALLOCATION + key.as_str().len();
        let keys: usize = self.keys.iter().map(key_size).sum();
        let own = size_of::<Self>() + 2 * size_of::<usize>() + 2 * ALLOCATION;
        own + keys + BYTES_OVERHEAD + self.metadata.len()
    }
}
