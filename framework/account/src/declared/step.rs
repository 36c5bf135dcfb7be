//! What applying a manifest does, and what it will not do unasked; each shown as a line of the plan.

use std::fmt;

use selvedge_model::name::StoreKind;

/// One thing that applying a manifest does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A store is made.
    MakeStore(StoreKind, String),
    /// A store goes, with what it contains.
    DropStore(StoreKind, String),
    /// A store that is to go stays: a version that is not declared links it.
    KeepStore(StoreKind, String),
    /// An item of a config store, or a secret, is written.
    WriteItem(StoreKind, String, String),
    /// One that the manifest declared goes, as it does not any more.
    EndItem(StoreKind, String, String),
    /// One that the manifest declares is not there, since it was deleted through the management API.
    MissItem(StoreKind, String, String),
    /// A service is made, with its first version active.
    MakeService(String),
    /// A new version of a service becomes the active one.
    Replace {
        /// The service.
        service: String,
        /// The version that was active, if one was.
        from: Option<u32>,
        /// The one that is.
        to: u32,
    },
    /// A service that is no longer declared answers no requests any more; its versions stay.
    StopService {
        /// The service.
        service: String,
        /// The version that was active.
        version: u32,
    },
    /// A service goes, with all its versions.
    DropService(String),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MakeStore(kind, name) => write!(f, "+ {} `{name}`", kind.words()),
            Self::DropStore(kind, name) => {
                write!(f, "- {} `{name}` with its contents", kind.words())
            }
            Self::KeepStore(kind, name) => {
                write!(f, "  {} `{name}` stays: it is still linked", kind.words())
            }
            Self::WriteItem(kind, store, key) => {
                write!(f, "~ {} `{store}`: `{key}` is written", kind.words())
            }
            Self::EndItem(kind, store, key) => {
                write!(f, "- {} `{store}`: `{key}`", kind.words())
            }
            Self::MissItem(kind, store, key) => write!(
                f,
                "  {} `{store}`: `{key}` stays deleted, as the management API left it",
                kind.words()
            ),
            Self::MakeService(name) => write!(f, "+ service `{name}`, version 1"),
            Self::Replace { service, from: Some(from), to } => {
                write!(f, "~ service `{service}`: version {to} replaces version {from}")
            }
            Self::Replace { service, from: None, to } => {
                write!(f, "~ service `{service}`: version {to} becomes active")
            }
            Self::StopService { service, version } => {
                write!(f, "~ service `{service}`: version {version} is deactivated")
            }
            Self::DropService(name) => write!(f, "- service `{name}` with its versions"),
        }
    }
}

/// What a manifest and a person disagree about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The service.
    pub service: String,
    /// The version that a person activated; none where one deactivated the service.
    pub active: Option<u32>,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { service, active } = self;
        match active {
            Some(version) => write!(
                f,
                "service `{service}`: version {version} was activated through the management API and differs from the manifest"
            ),
            None => write!(
                f,
                "service `{service}` is in the manifest and has no active version: so it was left through the management API"
            ),
        }
    }
}

/// Every conflict, with all that would be done if the manifest were to win.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflicts {
    /// The conflicts, at least one.
    pub conflicts: Vec<Conflict>,
    /// The plan.
    pub plan: Vec<Step>,
}
