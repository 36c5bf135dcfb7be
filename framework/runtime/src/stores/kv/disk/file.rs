//! The open KV file, and opening it again: redb refuses everything after an I/O error until then.
//!
//! Whoever meets such an error has the file opened again before anything else. It takes the place of what was open when
//! nobody reads or writes any more, so nobody ever sees two. Where the disk takes no writes, it is opened for reads only,
//! and for writes too when the next one comes.

use std::{
    io,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use redb::Database;

use super::{
    held::Held,
    open::{Access, OpenError, Opener},
    schema,
};

/// A file that may have to be opened again.
pub(super) struct File {
    open: Opener,
    now: RwLock<Now>,
    held: Arc<Held>,
}

struct Now {
    state: State,
    /// How often it was opened again, or that was tried.
    epoch: u64,
}

enum State {
    /// Reads and writes.
    Whole(Database),
    /// Reads only: this is why it could not be opened for writes.
    ReadsOnly(Database, io::ErrorKind),
    /// Nothing, and why.
    Lost(io::ErrorKind),
}

/// What was tried on which opening of the file.
struct Attempt<T> {
    result: schema::Result<T>,
    epoch: u64,
}

impl File {
    pub(super) fn open(open: Opener) -> Result<Self, OpenError> {
        let state = match open(Access::First) {
            Ok(database) => State::Whole(database),
            Err(OpenError::Io { path, cause }) => {
                let kind = cause.kind();
                let reads = open(Access::ReadsOnly).map_err(|_| OpenError::Io { path, cause })?;
                State::ReadsOnly(reads, kind)
            }
            Err(error) => return Err(error),
        };
        let now = RwLock::new(Now { state, epoch: 0 });
        Ok(Self { open, now, held: Arc::default() })
    }

    /// The snapshots that readers hold.
    pub(super) fn held(&self) -> Arc<Held> {
        Arc::clone(&self.held)
    }

    /// Reads; where the file has to be opened again for it, once more after that.
    pub(super) fn read<T>(
        &self,
        read: impl Fn(&Database) -> schema::Result<T>,
    ) -> schema::Result<T> {
        let first = self.try_read(&read);
        match first.result {
            Err(cause) if is_lost(&cause) => {
                self.open_again(first.epoch);
                self.try_read(&read).result
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
        let epoch = self.shared().epoch;
        if !matches!(self.shared().state, State::Whole(_)) {
            self.open_again(epoch);
        }
        let attempt = self.try_write(write);
        match attempt {
            Ok(attempt) => {
                if attempt.result.as_ref().err().is_some_and(is_lost) {
                    self.open_again(attempt.epoch);
                }
                attempt.result
            }
            Err(why) => Err(io::Error::from(why).into()),
        }
    }

    fn try_read<T>(&self, read: impl FnOnce(&Database) -> schema::Result<T>) -> Attempt<T> {
        let now = self.shared();
        let result = match &now.state {
            State::Whole(database) | State::ReadsOnly(database, _) => read(database),
            State::Lost(why) => Err(io::Error::from(*why).into()),
        };
        Attempt { result, epoch: now.epoch }
    }

    /// What came of it, or why there is nothing to write to.
    fn try_write<T>(
        &self,
        write: impl FnOnce(&Database) -> schema::Result<T>,
    ) -> Result<Attempt<T>, io::ErrorKind> {
        let now = self.shared();
        match &now.state {
            State::Whole(database) => Ok(Attempt { result: write(database), epoch: now.epoch }),
            State::ReadsOnly(_, why) | State::Lost(why) => Err(*why),
        }
    }

    /// Opens it again, unless somebody else has since.
    fn open_again(&self, epoch: u64) {
        let mut now = self.alone();
        if now.epoch == epoch {
            // It is locked while it is open, so the old one goes first, and with it what was read of it.
            self.held.end_all();
            now.state = State::Lost(io::ErrorKind::Other);
            now.state = match (self.open)(Access::Whole) {
                Ok(database) => State::Whole(database),
                Err(error) => self.reads_only(error.kind()),
            };
            now.epoch += 1;
        }
    }

    fn reads_only(&self, why: io::ErrorKind) -> State {
        match (self.open)(Access::ReadsOnly) {
            Ok(database) => State::ReadsOnly(database, why),
            Err(_) => State::Lost(why),
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

/// Whoever still reads a value of it keeps no snapshot of a file that is closed.
impl Drop for File {
    fn drop(&mut self) {
        self.held.end_all();
    }
}

/// Whether redb refuses everything from now on.
fn is_lost(cause: &redb::Error) -> bool {
    matches!(cause, redb::Error::Io(_) | redb::Error::PreviousIo | redb::Error::DatabaseClosed)
}
