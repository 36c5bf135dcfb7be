//! Why a change of an account is refused.

use std::fmt;

use selvedge_model::name::{NameError, StoreKind};

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A service.
    Service,
    /// A version of a service.
    Version,
    /// A link of a version.
    Link,
    /// A store of this kind.
    Store(StoreKind),
    /// A store of any kind, where a link names it.
    Resource,
    /// A domain of a version.
    Domain,
    /// A backend of a version.
    Backend,
    /// An item of a KV store.
    KvItem,
    /// An item of a config store.
    ConfigItem,
    /// A secret of a secret store.
    Secret,
    /// An entry of an ACL.
    AclEntry,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Subject::Service => "service",
            Subject::Version => "version",
            Subject::Link => "link",
            Subject::Store(kind) => kind.words(),
            Subject::Resource => "resource",
            Subject::Domain => "domain",
            Subject::Backend => "backend",
            Subject::KvItem => "KV store item",
            Subject::ConfigItem => "config store item",
            Subject::Secret => "secret",
            Subject::AclEntry => "ACL entry",
        })
    }
}

impl Subject {
    fn article(self) -> &'static str {
        match self {
            Self::Store(StoreKind::Acl) | Self::AclEntry => "an",
            _ => "a",
        }
    }
}

/// Why a change is refused. Its text says which rule, and what would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// What is to be changed does not exist.
    NotFound {
        /// What it is.
        subject: Subject,
        /// The id or name that was given.
        id: String,
    },
    /// A link's store does not exist.
    UnknownResource {
        /// The id that was given.
        id: String,
    },
    /// Another one has this name or key.
    Duplicate {
        /// What it is.
        subject: Subject,
        /// The name or key.
        name: String,
    },
    /// The version was activated or locked.
    Frozen {
        /// The version.
        number: u32,
    },
    /// A store, or an ACL, that a version still links.
    Linked {
        /// What it is.
        what: Subject,
        /// Its name.
        store: String,
        /// A service that links it, and the version.
        service: String,
        /// The version.
        version: u32,
    },
    /// A KV store that still has items.
    NotEmpty {
        /// The store's name.
        store: String,
    },
    /// A service that is active.
    Active {
        /// The service's name.
        service: String,
    },
    /// There would be too many.
    Limit {
        /// Of what, in the plural.
        what: &'static str,
        /// Where they would be.
        of: &'static str,
        /// How many there may be.
        most: usize,
    },
    /// The name breaks a rule.
    Name(NameError),
    /// A key or value breaks a rule.
    Item(String),
    /// What would be active does not fit together: every reason.
    Unfit(Vec<String>),
}

impl From<NameError> for Refused {
    fn from(error: NameError) -> Self {
        Self::Name(error)
    }
}

impl Refused {
    /// That something does not exist.
    pub fn not_found(subject: Subject, id: impl Into<String>) -> Self {
        Self::NotFound { subject, id: id.into() }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { subject, id } => write!(f, "there is no {subject} `{id}`"),
            Self::UnknownResource { id } => {
                write!(f, "there is no store and no ACL with the id `{id}`")
            }
            Self::Duplicate { subject, name } => {
                write!(f, "there is already {} {subject} `{name}`", subject.article())
            }
            Self::Frozen { number } => write!(
                f,
                "version {number} was activated or locked and cannot be changed; clone it and change the clone"
            ),
            Self::Linked { what, store, service, version } => {
                write!(
                    f,
                    "the {what} `{store}` is linked by version {version} of service `{service}`"
                )
            }
            Self::NotEmpty { store } => write!(f, "the KV store `{store}` is not empty"),
            Self::Active { service } => {
                write!(f, "the service `{service}` has an active version; deactivate it first")
            }
            Self::Limit { what, of, most } => write!(f, "{of} has at most {most} {what}"),
            Self::Name(error) => error.fmt(f),
            Self::Item(what) => f.write_str(what),
            Self::Unfit(reasons) => f.write_str(&reasons.join("; ")),
        }
    }
}

impl std::error::Error for Refused {}
