//! KV stores: durable values by key, with generations, metadata and a time to live.
//!
//! A binding says how its values are written with a [`Codec`]; keys are anything that prints as
//! a key. Every rule on keys and sizes is checked before the platform is asked (platform.md
//! section 2.1).

mod act;
mod codec;
mod item;
mod store;

pub use act::{Delete, List, Put};
pub use codec::{Codec, Raw, Text};
pub use item::{InsertMode, KvEntry, KvPage, KvQuery, KvWrite};
pub use store::{KvStore, Versioned};
