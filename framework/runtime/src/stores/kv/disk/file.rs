//! The open KV file, and opening it again: redb refuses everything after an I/O error until then.
//!
//! Whoever meets such an error has the file opened again before anything else. It takes the place of what was open when
//! nobody reads or writes any more, so nobody ever sees two.

use std::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard, PoisonError};

use redb::Database;

use super::{open::{OpenError, Opener}, schema};

/// A file that may have to be opened again.
pub(super) struct File {
    open: Opener,
    now: RwLock<Now>,
}

struct Now {
    /// `None` while it could not be opened again.
    database: Option<Database>,
    /// How often it was opened again, or that was tried.
    epoch: u64,
}

/// What was tried on which opening of the file.
struct Attempt<T> {
    result: schema::Result<T>,
    epoch: u64,
}

impl File {
    pub(super) fn open(open: Opener) -> Result<Self, OpenError> {
        let database = Some(open()?);
        Ok(Self { open, now: RwLock::new(Now { database, epoch: 0 }) })
    }

    /// Reads; where the file has to be opened again for it, once more after that.
    pub(super) fn read<T>(
        &self,
        read: impl Fn(&Database) -> schema::Result<T>,
    ) -> schema::Result<T> {
        let first = self.attempt(&read);
        match first.result {
            Err(cause) if is_lost(&cause) => {
                self.open_again(first.epoch);
                self.attempt(&read).result
            }
            result => result,
        }
    }

    /// Writes, once: what becomes of a commit that failed is known only when the file has been opened again, which is
    /// done before this returns.
    pub(super) fn write<T>(
        &self,
        write: impl FnOnce(&Database) -> schema::Result<T>,
    ) -> schema::Result<T> {
        if self.shared().database.is_none() {
            let epoch = self.shared().epoch;
            self.open_again(epoch);
        }
        let attempt = self.attempt(write);
        if attempt.result.as_ref().err().is_some_and(is_lost) {
            self.open_again(attempt.epoch);
        }
        attempt.result
    }

    fn attempt<T>(&self, act: impl FnOnce(&Database) -> schema::Result<T>) -> Attempt<T> {
        let now = self.shared();
        let result = match &now.database {
            Some(database) => act(database),
            None => Err(redb::Error::PreviousIo),
        };
        Attempt { result, epoch: now.epoch }
    }

    /// Opens it again, unless somebody else has since.
    fn open_again(&self, epoch: u64) {
        let mut now = self.alone();
        if now.epoch == epoch {
            // It is locked while it is open, so the old one goes first.
            now.database = None;
            now.database = (self.open)().ok();
            now.epoch += 1;
        }
    }

    /// A panic over damage leaves nothing half done here.
    fn shared(&self) -> RwLockReadGuard<'_, Now> {
        self.now.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn alone(&self) -> RwLockWriteGuard<'_, Now> {
        self.now.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether redb refuses everything from now on.
fn is_lost(cause: &redb::Error) -> bool {
    matches!(cause, redb::Error::Io(_) | redb::Error::PreviousIo | redb::Error::DatabaseClosed)
}
