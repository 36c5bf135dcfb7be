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
                "service `{service}` was deactivated through the management API and is in the manifest"
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
