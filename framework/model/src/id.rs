//! The ids of an account's records: [`ServiceId`], [`StoreId`] and [`LinkId`], 22 letters and digits each.
//!
//! An id is made once, of random bits that come from outside, and never changes; names do (platform.md section 1.3).

use std::borrow::Borrow;
use std::fmt;

use crate::limits::ID_LEN;
use crate::name::StoreKind;

/// Digits, then letters in lower case, then in upper case.
const DIGITS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// How many of them ids of KV stores and ACLs use: those in lower case.
const LOWER: u128 = 36;

/// How many of them all other ids use.
const MIXED: u128 = 62;

macro_rules! id {
    ($(#[$doc:meta])+ $name:ident) => {
        $(#[$doc])+
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// Reads an id; `None` where the text cannot be one.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                is_id(text).then(|| Self(text.into()))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

id! {
    /// The id of a service.
    ServiceId
}
id! {
    /// The id of a KV, config or secret store. What it contains is kept under it, so a new store never shows what one of
    /// the same name has left.
    StoreId
}
id! {
    /// The id of a link.
    LinkId
}

impl ServiceId {
    /// The id that these random bits make.
    #[must_use]
    pub fn made_of(bits: u128) -> Self {
        Self(text(bits, MIXED).into())
    }
}

impl StoreId {
    /// The id that these random bits make; those of KV stores and ACLs have no letters in upper case.
    #[must_use]
    pub fn made_of(kind: StoreKind, bits: u128) -> Self {
        let base = match kind {
            StoreKind::Kv | StoreKind::Acl => LOWER,
            StoreKind::Config | StoreKind::Secret => MIXED,
        };
        Self(text(bits, base).into())
    }
}

impl LinkId {
    /// The id that these random bits make.
    #[must_use]
    pub fn made_of(bits: u128) -> Self {
        Self(text(bits, MIXED).into())
    }
}

fn is_id(text: &str) -> bool {
    text.len() == ID_LEN && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The number in this base, its last digits; 62 to the power of 22 is more than all the bits can say.
fn text(mut bits: u128, base: u128) -> String {
    let digit = |_| {
        let digit = usize::try_from(bits % base).unwrap_or_default();
        bits /= base;
        char::from(DIGITS.get(digit).copied().unwrap_or(b'0'))
    };
    (0..ID_LEN).map(digit).collect()
}

#[cfg(test)]
mod tests;
