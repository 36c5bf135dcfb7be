//! The keys that users write: [`KvKey`], [`SurrogateKey`] and [`CacheKey`], each with its own refusals.

use std::borrow::Borrow;
use std::fmt;

use crate::limits::{KV_KEY_MAX, SURROGATE_KEY_MAX};

mod cache;

pub use cache::{CacheKey, CacheKeyTooLong, CacheSpace};

/// Keys below this prefix belong to the platform's certificate challenges.
const ACME_PREFIX: &str = ".well-known/acme-challenge/";

/// A key of a KV store: 1 to 1024 UTF-8 bytes, neither `.` nor `..`, no line break, and outside of
/// `.well-known/acme-challenge/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KvKey(String);

impl KvKey {
    /// Checks a key.
    ///
    /// # Errors
    ///
    /// The rule that the text breaks.
    pub fn new(text: impl Into<String>) -> Result<Self, KvKeyError> {
        let text = text.into();
        match kv_fault(&text) {
            Some(fault) => Err(fault),
            None => Ok(Self(text)),
        }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The first rule that a KV key breaks.
fn kv_fault(text: &str) -> Option<KvKeyError> {
    match text {
        "" => Some(KvKeyError::Empty),
        "." | ".." => Some(KvKeyError::Dot),
        _ if text.len() > KV_KEY_MAX => Some(KvKeyError::TooLong { bytes: text.len() }),
        _ if text.contains(['\r', '\n']) => Some(KvKeyError::LineBreak),
        _ if text.starts_with(ACME_PREFIX) => Some(KvKeyError::AcmeChallenge),
        _ => None,
    }
}

/// Why a text is no KV key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KvKeyError {
    /// It is empty.
    Empty,
    /// It has more than [`KV_KEY_MAX`] bytes.
    TooLong {
        /// How many it has.
        bytes: usize,
    },
    /// It is `.` or `..`.
    Dot,
    /// It contains a carriage return or a line feed.
    LineBreak,
    /// It starts with `.well-known/acme-challenge/`.
    AcmeChallenge,
}

impl fmt::Display for KvKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KvKeyError::Empty => f.write_str("a KV key must not be empty"),
            KvKeyError::TooLong { bytes } => {
                write!(f, "a KV key has at most {KV_KEY_MAX} bytes, this one has {bytes}")
            }
            KvKeyError::Dot => f.write_str("a KV key must not be `.` or `..`"),
            KvKeyError::LineBreak => f.write_str("a KV key must not contain a line break"),
            KvKeyError::AcmeChallenge => write!(f, "a KV key must not start with `{ACME_PREFIX}`"),
        }
    }
}

impl std::error::Error for KvKeyError {}

/// A tag by which cached objects are purged: 1 to 1024 bytes of visible ASCII without spaces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SurrogateKey(String);

impl SurrogateKey {
    /// Checks a surrogate key.
    ///
    /// # Errors
    ///
    /// The rule that the text breaks.
    pub fn new(text: impl Into<String>) -> Result<Self, SurrogateKeyError> {
        let text = text.into();
        match surrogate_fault(&text) {
            Some(fault) => Err(fault),
            None => Ok(Self(text)),
        }
    }

    /// The text of a key as a response names it, which needs no copy of its own; `None` if it is none.
    pub fn text(bytes: &[u8]) -> Option<&str> {
        std::str::from_utf8(bytes).ok().filter(|text| surrogate_fault(text).is_none())
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The first rule that a surrogate key breaks.
fn surrogate_fault(text: &str) -> Option<SurrogateKeyError> {
    if text.is_empty() {
        return Some(SurrogateKeyError::Empty);
    }
    if text.len() > SURROGATE_KEY_MAX {
        return Some(SurrogateKeyError::TooLong { bytes: text.len() });
    }
    let bad = text.chars().zip(1..).find(|(c, _)| !c.is_ascii_graphic());
    bad.map(|(found, position)| SurrogateKeyError::BadChar { position, found })
}

/// Why a text is no surrogate key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SurrogateKeyError {
    /// It is empty.
    Empty,
    /// It has more than [`SURROGATE_KEY_MAX`] bytes.
    TooLong {
        /// How many it has.
        bytes: usize,
    },
    /// It contains something other than visible ASCII.
    BadChar {
        /// Which character, counted from 1.
        position: usize,
        /// The character.
        found: char,
    },
}

impl fmt::Display for SurrogateKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SurrogateKeyError::Empty => f.write_str("a surrogate key must not be empty"),
            SurrogateKeyError::TooLong { bytes } => {
                write!(f, "a surrogate key has at most {SURROGATE_KEY_MAX} bytes, not {bytes}")
            }
            SurrogateKeyError::BadChar { position, found } => {
                let shown = found.escape_debug();
                write!(f, "a surrogate key is visible ASCII, not `{shown}` at position {position}")
            }
        }
    }
}

impl std::error::Error for SurrogateKeyError {}

macro_rules! text_traits {
    ($name:ident, $error:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }
    };
}

text_traits!(KvKey, KvKeyError);
text_traits!(SurrogateKey, SurrogateKeyError);

#[cfg(test)]
mod tests;
