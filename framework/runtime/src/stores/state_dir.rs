//! The folder in which a node keeps what must survive it: one node at a time.
//!
//! ```text
//! lock                     held while a node runs; the file itself means nothing
//! account.redb             services, versions, links, stores, config items and sealed secrets
//! kv.redb                  the items of KV stores
//! secret-key               the key that secrets are sealed with, unless the environment has it
//! secret-key-next, -old    the next one and the last one, while one takes the place of the other
//! admin-token              the token of the management API
//! ```

use std::{
    fmt,
    fs::{File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use selvedge::store::secret::Secret;

use super::private;

mod once;

#[cfg(test)]
mod tests;

/// What to do where a file in it is of another version.
pub(crate) const OTHER_VERSION: &str = "the version that wrote it opens it; `--state-dir` names another directory for \
    state, and `cargo xtask dev --ephemeral` makes one that goes with the node";

/// The file that is locked.
const LOCK: &str = "lock";

/// How random an admin token is.
const ADMIN_TOKEN_BYTES: usize = 32;
/// How long a secret key is.
const SECRET_KEY_BYTES: usize = 32;

/// A locked state directory; dropping it lets the next node in.
#[derive(Debug)]
pub struct StateDir {
    path: PathBuf,
    /// Two callers that want the same missing file must not both make it.
    making: Mutex<()>,
    /// None where it was only looked at, and no node ever ran.
    _lock: Option<File>,
}

/// Why a state directory cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum StateDirError {
    /// Another node has it.
    InUse {
        /// The directory.
        path: PathBuf,
    },
    /// It cannot be made, or its lock file cannot be opened.
    Io {
        /// The directory or the file in it.
        path: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
}

impl fmt::Display for StateDirError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse { path } => {
                write!(
                    f,
                    "state directory `{}` is in use by another node\n  hint: `--state-dir DIR` \
                     chooses another one",
                    path.display()
                )
            }
            Self::Io { path, cause } => {
                write!(f, "state directory: `{}` cannot be used: {cause}", path.display())
            }
        }
    }
}

impl std::error::Error for StateDirError {}

impl StateDir {
    /// Locks the directory, making it if it is missing, readable by its owner only.
    ///
    /// # Errors
    /// Where another node has it, or it cannot be made or written.
    pub fn open(path: &Path) -> Result<Self, StateDirError> {
        private::create_dir(path).map_err(|cause| failed(path, cause))?;
        let mut options = private::options();
        let lock = lock(path, options.write(true).create(true).truncate(false))?;
        Ok(Self { path: path.to_owned(), making: Mutex::new(()), _lock: Some(lock) })
    }

    /// Locks the directory as it is, without making anything.
    ///
    /// # Errors
    /// Where a node has it, or its lock file cannot be opened.
    pub fn look(path: &Path) -> Result<Self, StateDirError> {
        let lock = match path.join(LOCK).exists() {
            true => Some(lock(path, private::options().read(true))?),
            false => None,
        };
        Ok(Self { path: path.to_owned(), making: Mutex::new(()), _lock: lock })
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What of it others than its owner may read, a sentence each: a copy or a backup may have brought other rights.
    #[must_use]
    pub fn readable_by_others(&self) -> Vec<String> {
        let files = [self.path.clone(), self.secret_key_path(), self.path.join("admin-token")];
        let open = files.iter().filter(|path| private::is_readable_by_others(path));
        let told =
            |path: &PathBuf| format!("`{}` can be read by others than its owner", path.display());
        open.map(told).collect()
    }

    /// Where the KV stores lie.
    #[must_use]
    pub fn kv_path(&self) -> PathBuf {
        self.path.join("kv.redb")
    }

    /// Where the account lies.
    #[must_use]
    pub fn account_path(&self) -> PathBuf {
        self.path.join("account.redb")
    }

    /// Where the key lies that secrets are sealed with.
    #[must_use]
    pub fn secret_key_path(&self) -> PathBuf {
        self.path.join("secret-key")
    }

    /// That key as lower-case hexadecimal text, made on the first call.
    ///
    /// # Errors
    /// Where the file cannot be written or read, or holds something else.
    pub fn secret_key(&self) -> io::Result<Secret> {
        self.once(&self.secret_key_path(), SECRET_KEY_BYTES)
    }

    /// Where the key lies that is to take its place.
    #[must_use]
    pub fn next_secret_key_path(&self) -> PathBuf {
        self.path.join("secret-key-next")
    }

    /// That one, made on the first call.
    ///
    /// # Errors
    /// As [`secret_key`](Self::secret_key).
    pub fn next_secret_key(&self) -> io::Result<Secret> {
        self.once(&self.next_secret_key_path(), SECRET_KEY_BYTES)
    }

    /// The token of the management API, made on the first call.
    ///
    /// # Errors
    /// Where the file cannot be written or read, or holds something else.
    pub fn admin_token(&self) -> io::Result<Secret> {
        self.once(&self.path.join("admin-token"), ADMIN_TOKEN_BYTES)
    }

    fn once(&self, path: &Path, bytes: usize) -> io::Result<Secret> {
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        once::read_or_make(path, bytes).map_err(|cause| {
            io::Error::new(cause.kind(), format!("file `{}`: {cause}", path.display()))
        })
    }
}

/// The system drops the lock with the process, so a crashed node leaves nothing to clean up.
fn lock(folder: &Path, options: &OpenOptions) -> Result<File, StateDirError> {
    let path = folder.join(LOCK);
    let file = options.open(&path).map_err(|cause| failed(&path, cause))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StateDirError::InUse { path: folder.to_owned() }),
        Err(TryLockError::Error(cause)) => Err(failed(&path, cause)),
    }
}

fn failed(path: &Path, cause: io::Error) -> StateDirError {
    StateDirError::Io { path: path.to_owned(), cause }
}
