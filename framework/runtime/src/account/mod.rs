//! The account of a running node: kept in the state directory, changed by one at a time, read by everybody.
//!
//! The rules are `selvedge-account`'s; here are what it does not have: a clock, random bits, a file, a key, and the
//! world that has to change with it. Facts: platform.md sections 1.1 to 1.4 and 3.

mod change;
mod declare;
mod disk;
mod fresh;
mod kept;
mod key;
mod live;
mod random;
mod rekey;
mod seal;
mod shown;

pub use self::change::ChangeError;
use self::disk::DiskRows;

#[cfg(test)]
mod tests;
pub use self::disk::{OpenError, WriteError};
pub use self::key::{KEY_VARIABLE, SecretKey};
pub use self::live::LiveAccount;
pub use self::random::{Random, Repeatable, SystemRandom};
pub use self::rekey::{KeyPlace, NEW_KEY_VARIABLE, Rekeyed, rekey};
