//! What callers are told when the file fails them.

use std::{io, sync::Arc};

use selvedge::{Error, Refusal};

use super::open::DAMAGED;

/// Why a group of writes failed; every write of the group is told.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// There is no room for it.
    Full(Option<Arc<redb::Error>>),
    /// Anything else.
    Failed(Arc<redb::Error>),
    /// No answer came: redb panics over some kinds of damage.
    Unanswered,
}

impl Fault {
    pub(super) fn of(cause: redb::Error) -> Self {
        match is_full(&cause) {
            true => Self::Full(Some(Arc::new(cause))),
            false => Self::Failed(Arc::new(cause)),
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let failed = |cause: &redb::Error| told(cause, "the KV file could not be written");
        let full = || Error::new(Refusal::StoreFull, "there is no room to write the KV file");
        match fault {
            Fault::Full(Some(cause)) => full().because(cause),
            Fault::Full(None) => full(),
            Fault::Failed(cause) => failed(&cause).because(cause),
            Fault::Unanswered => unanswered(),
        }
    }
}

/// A read that failed.
pub(super) fn unread(cause: redb::Error) -> Error {
    told(&cause, "the KV file could not be read").because(cause)
}

fn told(cause: &redb::Error, what: &str) -> Error {
    match cause {
        redb::Error::Corrupted(_) => damaged(),
        _ => Error::new(Refusal::StoreFailed, what),
    }
}

/// What the caller is told when no answer comes.
pub(super) fn unanswered() -> Error {
    damaged()
}

fn damaged() -> Error {
    let detail = format!("the KV file `kv.redb` is damaged\n  hint: {DAMAGED}");
    Error::new(Refusal::StoreFailed, detail)
}

fn is_full(cause: &redb::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    match cause {
        redb::Error::Io(cause) => {
            matches!(cause.kind(), StorageFull | QuotaExceeded | FileTooLarge)
        }
        _ => false,
    }
}
