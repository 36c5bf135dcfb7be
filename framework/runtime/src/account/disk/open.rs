//! Opening the account's file: is it ours, can this version read it; and closing it, whatever state it is in.

use std::{fs, path::Path};

use redb::{Builder, Database, backends::FileBackend};

use super::{
    OpenError, WriteError,
    tables::{self, Schema},
};
use crate::stores::{
    damage::{self, Caught},
    overlay::Overlay,
    private,
};

/// The file is small, and read once.
const CACHE_BYTES: usize = 1024 * 1024;

/// Opens or makes the file and its tables.
pub(super) fn database(path: &Path) -> Result<Database, OpenError> {
    guarded(|| {
        make(path)?;
        open_ours(path)
    })
    .map_err(|error: OpenError| error.at(path))
}

/// Opens a file that must stay as it is; `None` where there is none.
pub(super) fn look(path: &Path) -> Result<Option<Opened>, OpenError> {
    if !is_made(path) {
        return Ok(None);
    }
    let open = || {
        let over = Overlay::over(file(path)?).map_err(|cause| OpenError::io(path, cause))?;
        let database = builder().create_with_backend(over);
        ours(path, database.map_err(|cause| OpenError::because(path, cause.into()))?)
    };
    guarded(open).map(|database| Some(Opened::new(database)))
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
        let _ = damage::guarded(Caught::Told, move || drop(database));
    }
}

/// redb panics over some kinds of damage; to the operator it is damage like any other.
pub(super) fn guarded<T, E: From<Panicked>>(work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    damage::guarded(Caught::Told, work).unwrap_or_else(|| Err(Panicked.into()))
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
    if is_made(path) {
        return Ok(());
    }
    let draft = path.with_extension("draft");
    // What is left of a draft is nobody's.
    let _ = fs::remove_file(&draft);
    drop(open_ours(&draft)?);
    fs::rename(&draft, path).map_err(|cause| OpenError::io(path, cause))?;
    private::sync_name(path).map_err(|cause| OpenError::io(path, cause))
}

/// A file of no bytes is none.
fn is_made(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.len() > 0 || found.is_dir())
}

fn open_ours(path: &Path) -> Result<Database, OpenError> {
    let database = builder().create_with_backend(file(path)?);
    ours(path, database.map_err(|cause| OpenError::because(path, cause.into()))?)
}

fn ours(path: &Path, database: Database) -> Result<Database, OpenError> {
    let schema = tables::prepare(&database).map_err(|cause| OpenError::because(path, cause))?;
    match schema {
        Schema::Known => Ok(database),
        Schema::Newer { found } => {
            Err(OpenError::NewerSchema { path: path.to_owned(), found, known: tables::SCHEMA })
        }
        Schema::Foreign => Err(OpenError::corrupted(path, "it has no schema of ours")),
    }
}

fn file(path: &Path) -> Result<FileBackend, OpenError> {
    let file = private::open_or_create(path).map_err(|cause| OpenError::io(path, cause))?;
    FileBackend::new(file).map_err(|cause| OpenError::because(path, cause.into()))
}

fn builder() -> Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE_BYTES);
    builder
}
