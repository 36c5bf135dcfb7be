//! The names of an account: one checked type each, with its alphabet and length.
//!
//! A link's rule follows the kind of store that it links: names of config store links have no
//! dashes, because the platform's own have none. A refusal says the position of the bad character.

use std::borrow::Borrow;
use std::fmt;

use crate::limits;

mod domain;
mod error;
mod number;
mod rule;

pub use domain::Domain;
pub(crate) use domain::check_host;
pub use error::{NameError, NameFault};

/// The kinds of what services share: stores, and lists of addresses, which are linked like them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StoreKind {
    /// Key-value store: written by handlers.
    Kv,
    /// Config store: short texts, read by handlers.
    Config,
    /// Secret store: values that are never shown.
    Secret,
    /// ACL: what is to be done with client addresses.
    Acl,
}

impl StoreKind {
    /// All kinds.
    pub const ALL: [StoreKind; 4] =
        [StoreKind::Kv, StoreKind::Config, StoreKind::Secret, StoreKind::Acl];

    /// The kind as the manifest writes it: `kv_store`, `config_store`, `secret_store` or `acl`.
    pub fn as_str(self) -> &'static str {
        match self {
            StoreKind::Kv => "kv_store",
            StoreKind::Config => "config_store",
            StoreKind::Secret => "secret_store",
            StoreKind::Acl => "acl",
        }
    }

    /// The kind that the manifest writes so.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The kind in a sentence: `KV store`, `config store`, `secret store` or `ACL`.
    pub fn words(self) -> &'static str {
        match self {
            StoreKind::Kv => "KV store",
            StoreKind::Config => "config store",
            StoreKind::Secret => "secret store",
            StoreKind::Acl => "ACL",
        }
    }
}

impl fmt::Display for StoreKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

// Names are shared text: every hop of every request carries some.
macro_rules! name {
    ($(#[$doc:meta])+ $name:ident) => {
        $(#[$doc])+
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
    ($(#[$doc:meta])+ $name:ident, $rule:expr) => {
        name!($(#[$doc])+ $name);

        impl $name {
            /// Checks a name.
            ///
            /// # Errors
            ///
            /// The rule that the text breaks, and where.
            pub fn new(text: impl Into<String>) -> Result<Self, NameError> {
                let text = text.into();
                $rule.check(&text)?;
                Ok(Self(text.into()))
            }
        }

        impl std::str::FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }
    };
    ($(#[$doc:meta])+ $name:ident, by kind $rule:expr) => {
        name!($(#[$doc])+ $name);

        impl $name {
            /// Checks a name by the rule of its kind of store.
            ///
            /// # Errors
            ///
            /// The rule that the text breaks, and where.
            pub fn new(kind: StoreKind, text: impl Into<String>) -> Result<Self, NameError> {
                let text = text.into();
                $rule(kind).check(&text)?;
                Ok(Self(text.into()))
            }
        }
    };
}
use name;

name! {
    /// The name of a service: 1 to 255 letters, digits, `-` and `_`.
    ServiceName, rule::SERVICE
}
name! {
    /// The name of a POP: 1 to 32 letters, digits and `-`; it rides in chain tokens.
    PopName, rule::POP
}
name! {
    /// The name of a backend: 1 to 255 visible ASCII characters or spaces.
    BackendName, rule::BACKEND
}
name! {
    /// The name under which a service sees a store; the rule follows the kind of store.
    LinkName, by kind rule::link
}
name! {
    /// The name of a store in its account; the rule follows the kind of store.
    StoreName, by kind rule::store
}
name! {
    /// The name of a secret inside its store: 1 to 255 letters, digits, `-`, `_` and `.`.
    SecretName, rule::SECRET
}

/// Checks the name of a link to a store of this kind without keeping it.
///
/// # Errors
///
/// The rule that the text breaks, and where.
pub fn check_link(kind: StoreKind, text: &str) -> Result<(), NameError> {
    rule::link(kind).check(text)
}

/// Checks the name of a backend without keeping it.
///
/// # Errors
///
/// The rule that the text breaks, and where.
pub fn check_backend(text: &str) -> Result<(), NameError> {
    rule::BACKEND.check(text)
}

#[cfg(test)]
mod tests;
