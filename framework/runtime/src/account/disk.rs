//! The account's file: one redb table of rows, and one of facts about them.
//!
//! It is read once, when the node starts, and held whole in memory from then on. A commit is acknowledged when it has
//! been synced. After a failed one redb takes no more writes (`PreviousIo`), and what lies in the file may be either
//! side of it: so the file is opened anew, and the next write brings it to what the account is then.

mod open;
mod tables;

use std::sync::{Mutex, PoisonError};

use redb::Database;
use selvedge_account::{Account, Row, changes};

pub use self::open::OpenError;
pub(super) use self::tables::Facts;
use self::tables::Rows;

/// Why a change was not made durable.
#[derive(Debug)]
pub struct WriteError(pub(super) String);

impl std::fmt::Display for WriteError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WriteError {}

/// Opens the file, each time it has to be opened.
type Open = dyn Fn() -> Result<Database, OpenError> + Send + Sync;

/// The file.
pub(super) struct DiskRows {
    open: Box<Open>,
    /// None after a failed write.
    database: Mutex<Option<Database>>,
}

/// What the file held when it was opened.
pub(super) struct Found {
    pub(super) account: Account,
    pub(super) facts: Facts,
}

impl DiskRows {
    /// Opens the file, or makes it, and reads all of it.
    pub(super) fn open(path: &std::path::Path) -> Result<(Self, Found), OpenError> {
        let own = path.to_owned();
        Self::by(Box::new(move || open::database(&own)))
    }

    fn by(open: Box<Open>) -> Result<(Self, Found), OpenError> {
        let database = open()?;
        let Rows { rows, facts } =
            open::guarded(|| tables::read(&database).map_err(OpenError::unreadable))?;
        let account = account(&rows).map_err(OpenError::Rows)?;
        Ok((Self { open, database: Mutex::new(Some(database)) }, Found { account, facts }))
    }

    /// Writes rows and syncs them.
    pub(super) fn write(&self, rows: &[Row], whole: &Account) -> Result<(), WriteError> {
        self.with(|database, fresh| match fresh {
            Opened::Before => commit(database, rows),
            Opened::Now => {
                let found = tables::read(database).map_err(failed)?;
                let found = account(&found.rows).map_err(failed)?;
                commit(database, &changes(&found, whole))
            }
        })
    }

    /// Notes with which key secrets are sealed here.
    pub(super) fn note_key_check(&self, check: &[u8]) -> Result<(), WriteError> {
        self.with(|database, _| tables::write_key_check(database, check).map_err(failed))
    }

    /// Works on the open file. Where that fails, by an error or by a panic of redb over damage, it is closed.
    fn with(
        &self,
        work: impl FnOnce(&Database, Opened) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let mut kept = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let (database, fresh) = match kept.take() {
            Some(database) => (database, Opened::Before),
            None => ((self.open)().map_err(failed)?, Opened::Now),
        };
        let worked = open::guarded(|| work(&database, fresh));
        if worked.is_ok() {
            *kept = Some(database);
        }
        worked
    }
}

/// Whether the file may hold something else than the account that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opened {
    /// It holds the same.
    Before,
    /// A write failed, and may have reached it.
    Now,
}

fn commit(database: &Database, rows: &[Row]) -> Result<(), WriteError> {
    tables::write(database, rows).map_err(failed)
}

fn account(rows: &[(String, Vec<u8>)]) -> Result<Account, selvedge_account::Damaged> {
    Account::from_rows(rows.iter().map(|(name, text)| (name.as_str(), text.as_slice())))
}

fn failed(cause: impl std::fmt::Display) -> WriteError {
    WriteError(cause.to_string())
}

#[cfg(test)]
mod tests;
