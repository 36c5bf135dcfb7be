//! Why an account was not opened, as the operator is told.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use selvedge_account::Damaged;

use super::WriteError;
use crate::{account::KEY_VARIABLE, stores::state_dir::OTHER_VERSION};

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
    /// The same with the file's name, where it is what the file holds that is wrong.
    pub(super) fn at(self, path: &Path) -> Self {
        match self {
            Self::Rows(damaged) => Self::corrupted(path, damaged),
            Self::Unreadable(cause) => Self::corrupted(path, cause),
            error => error,
        }
    }

    pub(super) fn unreadable(cause: redb::Error) -> Self {
        Self::Unreadable(cause.to_string())
    }

    pub(super) fn io(path: &Path, cause: io::Error) -> Self {
        Self::Io { path: path.to_owned(), cause }
    }

    pub(super) fn corrupted(path: &Path, cause: impl fmt::Display) -> Self {
        Self::Corrupted { path: path.to_owned(), cause: cause.to_string() }
    }

    pub(super) fn because(path: &Path, cause: redb::Error) -> Self {
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
                "account file `{}` is damaged or is no account file: {cause}\n  hint: put back a copy of the state \
                 directory; or move this file and the KV file away, to start anew from `edge.toml`",
                path.display()
            ),
            Self::NewerSchema { path, found, known } => write!(
                f,
                "account file `{}` has schema {found}, this version knows schemas up to {known}\n  hint: {OTHER_VERSION}",
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
             `{}` holds one\n  hint: `--forget-secrets` starts without them, and with another key",
            path.display()
        ),
        OpenError::KeyUnreadable(cause) => write!(f, "the secret key: {cause}"),
        _ => write!(
            f,
            "the secrets here are sealed with another secret key\n  hint: it comes from \
             `{KEY_VARIABLE}`, else from the file `secret-key` of the state directory; where it is lost, \
             `--forget-secrets` starts without them"
        ),
    }
}

impl std::error::Error for OpenError {}

/// redb reports a foreign or cut-off file as an I/O error of these kinds.
fn is_about_content(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}
