//! KV stores: durable values by key, with generations, metadata and a time to live.
//!
//! A binding says how its values are written with a [`Codec`]; keys are anything that prints as
//! a key, or of one type. Every rule on keys and sizes is checked before the platform is asked (platform.md
//! section 2.1).

mod act;
mod codec;
mod item;
mod key;
mod list;
mod room;
mod store;
mod value;

pub use act::{Delete, Put};
pub use codec::{Codec, Raw, Text};
pub use item::{InsertMode, KvEntry, KvHead, KvPage, KvQuery, KvWrite, ListMode, Meanwhile};
pub use key::{AnyKey, KeyFor, Typed};
pub use list::{List, Pages};
pub use room::KvRoom;
pub use store::{KvStore, Versioned};
pub use value::{KvGather, KvValue};
