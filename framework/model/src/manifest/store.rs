//! What the stores of an account start with.

use std::fmt;
use std::path::PathBuf;

use super::{KvKey, SecretName};

/// An item that a KV store is seeded with; it never replaces data that is already there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KvSeed {
    /// The item's key.
    pub key: KvKey,
    /// Its value; never [`Source::Generate`].
    pub value: Source,
    /// Text beside the value, at most [`crate::limits::KV_METADATA_MAX`] bytes.
    pub metadata: Option<String>,
}

/// A secret and where it comes from. Its `Debug` form does not show the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretItem {
    /// The secret's name, checked as a [`SecretName`].
    pub key: String,
    /// Where it comes from.
    pub source: Source,
}

impl SecretItem {
    pub(super) fn new(name: &SecretName, source: Source) -> Self {
        Self { key: name.as_str().to_owned(), source }
    }
}

impl fmt::Debug for SecretItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("SecretItem");
        shown.field("key", &self.key);
        match &self.source {
            Source::Data(_) => shown.field("source", &format_args!("Data(hidden)")),
            source => shown.field("source", source),
        };
        shown.finish()
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The text stands in the manifest.
    Data(String),
    /// The contents of a file, relative to the manifest.
    File(PathBuf),
    /// The value of an environment variable.
    Env(String),
    /// Random bytes, made once in the state directory and kept as lower-case hex text.
    Generate {
        /// How many bytes; the text has twice as many characters.
        bytes: usize,
    },
}
