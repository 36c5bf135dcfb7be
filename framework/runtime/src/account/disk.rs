//! The account's file: one redb table of rows, and one of facts about them.
//!
//! It is read once, when the node starts, and held whole in memory from then on. A commit is acknowledged when it has
//! been synced. After a failed one redb takes no more writes (`PreviousIo`), and what lies in the file may be either
//! side of it: so the file is opened anew, and the next write brings it to what the account is then.

mod digest;
mod error;
mod open;
mod tables;

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use redb::Database;
use selvedge_account::{Account, Row, changes};

pub use self::error::OpenError;
use self::open::Opened;
use self::tables::Facts;
use self::tables::{Rows, Write};
use crate::stores::private;

/// Why a change was not made durable.
#[derive(Debug)]
pub enum WriteError {
    /// The disk has no room for it.
    Full,
    /// Something else: what the file or the system said.
    Failed(String),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("there is no room for it"),
            Self::Failed(cause) => f.write_str(cause),
        }
    }
}

impl std::error::Error for WriteError {}

impl From<redb::Error> for WriteError {
    fn from(cause: redb::Error) -> Self {
        match cause {
            redb::Error::Io(cause) if private::is_full(&cause) => Self::Full,
            cause => Self::Failed(cause.to_string()),
        }
    }
}

impl From<OpenError> for WriteError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Io { cause, .. } if private::is_full(&cause) => Self::Full,
            error => Self::Failed(error.to_string()),
        }
    }
}

/// Opens the file, each time it has to be opened.
type Open = dyn Fn() -> Result<Database, OpenError> + Send + Sync;

/// The file.
pub(super) struct DiskRows {
    open: Box<Open>,
    /// None after a failed write.
    database: Mutex<Option<Opened>>,
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
        Self::by(Box::new(move || open::database(&own))).map_err(|error| error.at(path))
    }

    /// Reads all of a file, and leaves it as it is, byte for byte; `None` where there is none yet.
    pub(super) fn look(path: &std::path::Path) -> Result<Option<Found>, OpenError> {
        let look = || open::look(path)?.map(|database| found(&database)).transpose();
        look().map_err(|error| error.at(path))
    }

    pub(super) fn by(open: Box<Open>) -> Result<(Self, Found), OpenError> {
        let database = Opened::new(open()?);
        let found = found(&database)?;
        Ok((Self { open, database: Mutex::new(Some(database)) }, found))
    }

    /// Writes rows and syncs them.
    pub(super) fn write(&self, rows: &[Row], whole: &Account) -> Result<(), WriteError> {
        self.with(|database, holds| match holds {
            Holds::TheSame => Ok(tables::write(database, Write { rows, ..Write::default() })?),
            Holds::Unknown => {
                let found = tables::read(database)?;
                let found =
                    account(&found.rows).map_err(|it| WriteError::Failed(it.to_string()))?;
                let rows = &changes(&found, whole);
                Ok(tables::write(database, Write { rows, ..Write::default() })?)
            }
        })
    }

    /// Notes with which key secrets are sealed from now on, together with these rows.
    pub(super) fn write_with_key(&self, rows: &[Row], check: &[u8]) -> Result<(), WriteError> {
        self.with(|database, _| {
            Ok(tables::write(database, Write { rows, key_check: Some(check) })?)
        })
    }

    /// Works on the open file. Where that fails, by an error or by a panic of redb over damage, it is closed.
    fn with(
        &self,
        work: impl FnOnce(&Database, Holds) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let mut kept = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let (database, holds) = match kept.take() {
            Some(database) => (database, Holds::TheSame),
            None => (Opened::new((self.open)()?), Holds::Unknown),
        };
        let worked = open::guarded(|| work(database.database()?, holds));
        if worked.is_ok() {
            *kept = Some(database);
        }
        worked
    }
}

/// Whether the file may hold something else than the account that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    /// It holds the same.
    TheSame,
    /// A write failed, and may have reached it.
    Unknown,
}

fn found(database: &Opened) -> Result<Found, OpenError> {
    let Rows { rows, facts } =
        open::guarded(|| tables::read(database.database()?).map_err(OpenError::unreadable))?;
    Ok(Found { account: account(&rows).map_err(OpenError::Rows)?, facts })
}

fn account(rows: &[(String, Vec<u8>)]) -> Result<Account, selvedge_account::Damaged> {
    Account::from_rows(rows.iter().map(|(name, text)| (name.as_str(), text.as_slice())))
}

#[cfg(test)]
mod tests;
