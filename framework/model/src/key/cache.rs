//! Keys of the objects that code caches: any bytes, up to a length (platform.md section 7.1).

use std::fmt;

use crate::limits::CACHE_KEY_MAX;

/// Which of a service's caches for code a key belongs to. The same bytes in the two are two keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CacheSpace {
    /// The core cache: look-ups, transactions, streams.
    Core,
    /// The simple cache: values.
    Simple,
}

impl CacheSpace {
    /// The space as a word: `core` or `simple`.
    pub fn as_str(self) -> &'static str {
        match self {
            CacheSpace::Core => "core",
            CacheSpace::Simple => "simple",
        }
    }
}

/// A key of a cached object: at most 4096 bytes, none of which means anything.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CacheKey(Box<[u8]>);

impl CacheKey {
    /// Checks a key.
    ///
    /// # Errors
    ///
    /// That it is too long.
    pub fn new(bytes: &[u8]) -> Result<Self, CacheKeyTooLong> {
        match bytes.len() {
            0..=CACHE_KEY_MAX => Ok(Self(bytes.into())),
            bytes => Err(CacheKeyTooLong { bytes }),
        }
    }

    /// The key's bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A text or bytes that are too long for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheKeyTooLong {
    /// How many bytes it has.
    pub bytes: usize,
}

impl fmt::Display for CacheKeyTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a cache key has at most {CACHE_KEY_MAX} bytes, this one has {}", self.bytes)
    }
}

impl std::error::Error for CacheKeyTooLong {}
