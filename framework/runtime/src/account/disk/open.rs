//! Opening the account's file: is it ours, can this version read it, and is the secret key the right one.

use std::{
    fmt, fs, io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use redb::Database;
use selvedge_account::Damaged;

use super::{
    WriteError,
    tables::{self, Schema},
};
use crate::{account::KEY_VARIABLE, stores::private};

/// The file is small, and read once.
const CACHE_BYTES: usize = 1024 * 1024;

/// Why an account was not opened.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process, or another part of this one, has the file open.
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// It is no account file, or it is damaged.
    Corrupted {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// It was written by a newer version than this one.
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// The schema version of the file.
        found: u64,
        /// The newest that this version knows.
        known: u64,
    },
    /// It could not be read or written.
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// Its pages are sound, but not what is written on them.
    Rows(Damaged),
    /// Its pages cannot be read.
    Unreadable(String),
    /// The environment's key, or the file's, is none.
    KeyMalformed(String),
    /// Secrets are sealed, and their key is gone.
    KeyMissing(PathBuf),
    /// The key's file cannot be made or read.
    KeyUnreadable(io::Error),
    /// Secrets are sealed with another key.
    KeyWrong,
    /// A secret cannot be opened, although the key is the right one.
    SecretDamaged {
        /// Its store's name.
        store: String,
        /// Its name.
        name: String,
    },
    /// The system has no random bits to give.
    NoRandom(io::Error),
    /// It was opened, but what has to be noted in it at once was not.
    Unwritable(String),
}

impl OpenError {
    pub(super) fn unreadable(cause: redb::Error) -> Self {
        Self::Unreadable(cause.to_string())
    }

    fn io(path: &Path, cause: io::Error) -> Self {
        Self::Io { path: path.to_owned(), cause }
    }

    fn corrupted(path: &Path, cause: impl fmt::Display) -> Self {
        Self::Corrupted { path: path.to_owned(), cause: cause.to_string() }
    }

    fn because(path: &Path, cause: redb::Error) -> Self {
        match cause {
            redb::Error::DatabaseAlreadyOpen => Self::InUse { path: path.to_owned() },
            redb::Error::Io(cause) if !is_about_content(&cause) => Self::io(path, cause),
            cause => Self::corrupted(path, cause),
        }
    }
}

impl From<WriteError> for OpenError {
    fn from(error: WriteError) -> Self {
        Self::Unwritable(error.to_string())
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse { path } => {
                write!(f, "account file `{}` is in use by another node", path.display())
            }
            Self::Corrupted { path, cause } => write!(
                f,
                "account file `{}` is damaged or is no account file: {cause}",
                path.display()
            ),
            Self::NewerSchema { path, found, known } => write!(
                f,
                "account file `{}` has schema {found}, this version knows schemas up to {known}",
                path.display()
            ),
            Self::Io { path, cause } => {
                write!(f, "account file `{}` cannot be opened: {cause}", path.display())
            }
            Self::Rows(damaged) => damaged.fmt(f),
            Self::Unreadable(cause) => write!(f, "the account file cannot be read: {cause}"),
            Self::Unwritable(cause) => write!(f, "the account file cannot be written: {cause}"),
            Self::NoRandom(cause) => write!(f, "the system has no random bits to give: {cause}"),
            Self::SecretDamaged { store, name } => {
                write!(f, "secret `{name}` of the secret store `{store}` is damaged")
            }
            key => fmt_key(key, f),
        }
    }
}

fn fmt_key(error: &OpenError, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match error {
        OpenError::KeyMalformed(whose) => {
            write!(f, "{whose} holds no secret key: 64 hexadecimal characters are one")
        }
        OpenError::KeyMissing(path) => write!(
            f,
            "the secrets here are sealed with a key that is gone: neither `{KEY_VARIABLE}` nor file \
             `{}` holds one",
            path.display()
        ),
        OpenError::KeyUnreadable(cause) => write!(f, "the secret key: {cause}"),
        _ => write!(
            f,
            "the secrets here are sealed with another secret key\n  hint: it comes from \
             `{KEY_VARIABLE}`, else from the file `secret-key` of the state directory"
        ),
    }
}

impl std::error::Error for OpenError {}

/// Opens or makes the file and its tables.
pub(super) fn database(path: &Path) -> Result<Database, OpenError> {
    guarded(|| {
        make(path)?;
        open_ours(path)
    })
    .map_err(|error| match error {
        OpenError::Unreadable(cause) => OpenError::corrupted(path, cause),
        error => error,
    })
}

/// An open file. Closing one that turned out to be damaged is no reason to panic either.
pub(in crate::account) struct Opened(Option<Database>);

impl Opened {
    pub(super) fn new(database: Database) -> Self {
        Self(Some(database))
    }

    /// The file; `None` never, as it is there until it is closed.
    pub(super) fn database(&self) -> Result<&Database, WriteError> {
        self.0.as_ref().ok_or_else(|| Panicked.into())
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        let database = self.0.take();
        // There is nobody left to be told.
        let _ = catch_unwind(AssertUnwindSafe(move || drop(database)));
    }
}

/// redb panics over some kinds of damage; to the operator it is damage like any other.
pub(super) fn guarded<T, E: From<Panicked>>(work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Panicked.into()))
}

/// That redb gave up by a panic.
pub(super) struct Panicked;

const SENSELESS: &str = "its pages make no sense";

impl From<Panicked> for OpenError {
    fn from(_: Panicked) -> Self {
        Self::Unreadable(SENSELESS.to_owned())
    }
}

impl From<Panicked> for WriteError {
    fn from(_: Panicked) -> Self {
        Self::Failed(SENSELESS.to_owned())
    }
}

/// A new file is made under another name, so that a node that is killed meanwhile leaves nothing half made under this one.
fn make(path: &Path) -> Result<(), OpenError> {
    if fs::metadata(path).is_ok_and(|found| found.len() > 0 || found.is_dir()) {
        return Ok(());
    }
    let draft = path.with_extension("draft");
    // What is left of a draft is nobody's.
    let _ = fs::remove_file(&draft);
    drop(open_ours(&draft)?);
    fs::rename(&draft, path).map_err(|cause| OpenError::io(path, cause))?;
    sync_name(path)
}

fn open_ours(path: &Path) -> Result<Database, OpenError> {
    let database = open_file(path)?;
    let schema = tables::prepare(&database).map_err(|cause| OpenError::because(path, cause))?;
    match schema {
        Schema::Known => Ok(database),
        Schema::Newer { found } => {
            Err(OpenError::NewerSchema { path: path.to_owned(), found, known: tables::SCHEMA })
        }
        Schema::Foreign => Err(OpenError::corrupted(path, "it has no schema of ours")),
    }
}

fn open_file(path: &Path) -> Result<Database, OpenError> {
    let file = private::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|cause| OpenError::io(path, cause))?;
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE_BYTES);
    builder.create_file(file).map_err(|cause| OpenError::because(path, cause.into()))
}

/// A new file's first commit is only durable once its name is.
fn sync_name(path: &Path) -> Result<(), OpenError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let synced = private::sync_dir(folder.unwrap_or(Path::new(".")));
    synced.map_err(|cause| OpenError::io(path, cause))
}

/// redb reports a foreign or cut-off file as an I/O error of these kinds.
fn is_about_content(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}
