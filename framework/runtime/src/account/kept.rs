//! Where an account's rows are kept: nowhere but in memory, or in a file.

use selvedge_account::{Account, Row};

use super::{DiskRows, WriteError};

/// Keeps the rows of an account.
pub(super) enum Kept {
    /// They are gone with the process: tests.
    InMemory,
    /// In a file of the state directory.
    OnDisk(DiskRows),
}

impl Kept {
    /// Makes changes durable: all of them, or none that anybody was told of. `whole` is the account with them.
    pub(super) fn write(&self, rows: &[Row], whole: &Account) -> Result<(), WriteError> {
        match self {
            Self::InMemory => Ok(()),
            Self::OnDisk(file) => file.write(rows, whole),
        }
    }
}
