//! An account as a value: services with their versions, links, stores and what config and secret stores contain.
//!
//! Every change is a method of [`Account`] that either holds all the rules or is [`Refused`] and changes nothing that
//! anybody sees: whoever changes an account does it on a copy, which costs a few reference counts, makes the
//! [`changes`] durable and then shows the copy to everybody.
//!
//! Nothing here reads a clock, makes a random number or touches a file: times and ids come from [`Fresh`], and
//! secrets come sealed. The items of KV stores are not here; they may be many, and a store engine keeps them.
//!
//! Facts: platform.md sections 1.1 to 1.4 and 3.

mod account;
mod declared;
mod edit;
mod fresh;
mod live;
mod record;
mod refused;
mod rows;

pub use account::Account;

/// What a manifest says of a secret that is to be generated. No digest of a text is like it.
pub const GENERATED: &str = "generated";

pub use declared::{Apply, Conflict, Conflicts, Declared, DeclaredService, Resealed, Step};
pub use edit::{AclChange, AclOp, ConfigChange, ConfigOp, SecretMode};
pub use fresh::Fresh;
pub use record::{
    AclEntry, ConfigItem, Link, Maker, SealedSecret, Service, ServiceType, Store, Version,
};
pub use refused::{Refused, Subject};
pub use rows::{Damaged, Row, changes};
