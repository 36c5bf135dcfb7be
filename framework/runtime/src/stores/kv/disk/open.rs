//! Opening the KV file: who else has it, is it ours, and can this version read it.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use redb::{Database, StorageBackend, backends::FileBackend};

use super::schema::{self, Schema};
use crate::stores::{
    damage::{self, Caught},
    overlay::Overlay,
    private,
    state_dir::OTHER_VERSION,
};

/// Memory for pages of the file. The cost of a miss is a read that the operating system most
/// often answers from its own cache, so this stays small beside the shelf.
const CACHE_BYTES: usize = 16 * 1024 * 1024;

/// A file of at most so many bytes is read through when a node starts, which takes a tenth of a second: redb trusts what it
/// finds, and damage in its own pages would first show when something is written, be it by the end of the process.
const CHECKED_BYTES: u64 = 64 * 1024 * 1024;

/// What to do about a damaged one.
pub(crate) const DAMAGED: &str = "put back a copy of the state directory; or move this file away and start with \
    `--forget-kv`, which lets the KV stores be empty";

/// Why a KV file was not opened.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process, or another engine of this one, has it open.
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// It is no KV file, or it is damaged.
    Corrupted {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// It was written by another version than this one.
    OtherSchema {
        /// The file.
        path: PathBuf,
        /// The schema version of the file.
        found: u64,
        /// The one that this version knows.
        known: u64,
    },
    /// It could not be read or written.
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
}

impl OpenError {
    pub(super) fn io(path: &Path, cause: io::Error) -> Self {
        Self::Io { path: path.to_owned(), cause }
    }

    fn corrupted(path: &Path, cause: impl fmt::Display) -> Self {
        Self::Corrupted { path: path.to_owned(), cause: cause.to_string() }
    }

    /// Of what kind the fault is, to the system.
    pub(super) fn kind(&self) -> io::ErrorKind {
        match self {
            Self::Io { cause, .. } => cause.kind(),
            Self::InUse { .. } | Self::Corrupted { .. } | Self::OtherSchema { .. } => {
                io::ErrorKind::Other
            }
        }
    }

    fn because(path: &Path, cause: redb::Error) -> Self {
        match cause {
            redb::Error::DatabaseAlreadyOpen => Self::InUse { path: path.to_owned() },
            redb::Error::Io(cause) if !is_about_content(&cause) => Self::io(path, cause),
            cause => Self::corrupted(path, cause),
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse { path } => {
                write!(f, "KV file `{}` is in use by another node", path.display())
            }
            Self::Corrupted { path, cause } => {
                write!(
                    f,
                    "KV file `{}` is damaged or is no KV file: {cause}\n  hint: {DAMAGED}",
                    path.display()
                )
            }
            Self::OtherSchema { path, found, known } => write!(
                f,
                "KV file `{}` has schema {found}, this version knows schema {known} only\n  hint: {OTHER_VERSION}",
                path.display()
            ),
            Self::Io { path, cause } => {
                write!(f, "KV file `{}` cannot be opened: {cause}", path.display())
            }
        }
    }
}

impl std::error::Error for OpenError {}

/// What a file is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Reads and writes, for the first time: a file that is not large is read through before anything else.
    First,
    /// Reads and writes.
    Whole,
    /// Reads; nothing of it is written.
    ReadsOnly,
}

/// Opens the file, the first time and whenever it has to be opened again.
pub(super) type Opener = Box<dyn Fn(Access) -> Result<Database, OpenError> + Send + Sync>;

/// Opens or makes the file and its tables.
pub(super) fn database(path: &Path, access: Access) -> Result<Database, OpenError> {
    if !path.exists() {
        make(path)?;
    }
    prepared(path, || with(path, file(path)?, access))
}

/// A file appears with its tables or not at all, whatever happens meanwhile.
fn make(path: &Path) -> Result<(), OpenError> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".new");
    let draft = PathBuf::from(draft);
    let io = |cause| OpenError::io(path, cause);
    match fs::remove_file(&draft) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(io(cause)),
        _ => {}
    }
    drop(prepared(path, || with(path, file(&draft)?, Access::Whole))?);
    fs::rename(&draft, path).map_err(io)?;
    private::sync_name(path).map_err(io)
}

/// The database in a file or what stands for one; `path` is for what went wrong.
pub(super) fn with(
    path: &Path,
    file: impl StorageBackend,
    access: Access,
) -> Result<Database, OpenError> {
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE_BYTES);
    let database = match access {
        Access::First => {
            let bytes = file.len().map_err(|cause| OpenError::io(path, cause))?;
            builder.set_check_integrity_on_open(bytes <= CHECKED_BYTES);
            builder.create_with_backend(file)
        }
        Access::Whole => builder.create_with_backend(file),
        Access::ReadsOnly => {
            let over = Overlay::over(file).map_err(|cause| OpenError::io(path, cause))?;
            builder.create_with_backend(over)
        }
    };
    database.map_err(|cause| OpenError::because(path, cause.into()))
}

/// What was opened, with our tables in it, if it is ours.
pub(super) fn prepared(
    path: &Path,
    open: impl FnOnce() -> Result<Database, OpenError>,
) -> Result<Database, OpenError> {
    // redb panics over some kinds of damage; to the operator it is damage like any other.
    damage::guarded(Caught::Told, || open_ours(path, open))
        .unwrap_or_else(|| Err(OpenError::corrupted(path, "its pages make no sense")))
}

fn open_ours(
    path: &Path,
    open: impl FnOnce() -> Result<Database, OpenError>,
) -> Result<Database, OpenError> {
    let database = open()?;
    let schema = schema::prepare(&database).map_err(|cause| OpenError::because(path, cause))?;
    match schema {
        Schema::Known => Ok(database),
        Schema::Other { found } => {
            Err(OpenError::OtherSchema { path: path.to_owned(), found, known: schema::SCHEMA })
        }
        Schema::Foreign => Err(OpenError::corrupted(path, "it has no schema of ours")),
    }
}

fn file(path: &Path) -> Result<FileBackend, OpenError> {
    let file = private::open_or_create(path).map_err(|cause| OpenError::io(path, cause))?;
    FileBackend::new(file).map_err(|cause| OpenError::because(path, cause.into()))
}

/// redb reports a foreign or cut-off file as an I/O error of these kinds.
fn is_about_content(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}
