//! A value and how long it is kept.

use std::time::Duration;

use bytes::Bytes;

/// A value that was made for a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheEntry {
    /// The value.
    pub value: Bytes,
    /// How long it is kept. With zero, those who wait make one each, one after another.
    pub ttl: Duration,
}

impl<Value: Into<Bytes>> From<(Value, Duration)> for CacheEntry {
    fn from((value, ttl): (Value, Duration)) -> Self {
        Self { value: value.into(), ttl }
    }
}
