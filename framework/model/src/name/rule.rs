//! One alphabet and one length per kind of name.

use super::{NameError, NameFault, StoreKind, limits};

/// What a kind of name may look like.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    /// The kind of name, with its article.
    pub(super) noun: &'static str,
    /// The rule in words, after "a ... is".
    pub(super) says: &'static str,
    /// Most characters.
    pub(super) max: usize,
    /// What the first character may be.
    pub(super) first: fn(char) -> bool,
    /// What the others may be.
    pub(super) rest: fn(char) -> bool,
}

impl Rule {
    /// Checks a text against the rule; the first bad character is the one that is named.
    pub(super) fn check(&self, text: &str) -> Result<(), NameError> {
        match self.fault(text) {
            Some(fault) => Err(NameError::new(self.noun, self.says, text, fault)),
            None => Ok(()),
        }
    }

    fn fault(&self, text: &str) -> Option<NameFault> {
        if text.is_empty() {
            return Some(NameFault::Empty);
        }
        let allowed = |c, position| if position == 1 { (self.first)(c) } else { (self.rest)(c) };
        let bad = text.chars().zip(1..).find(|(c, position)| !allowed(*c, *position));
        if let Some((found, position)) = bad {
            return Some(NameFault::BadChar { position, found });
        }
        let length = text.chars().count();
        (length > self.max).then_some(NameFault::TooLong { length, max: self.max })
    }
}

pub(super) const SERVICE: Rule = Rule {
    noun: "a service name",
    says: "letters, digits, `-` and `_`",
    max: limits::SERVICE_NAME_MAX,
    first: dashed,
    rest: dashed,
};

pub(super) const POP: Rule = Rule {
    noun: "a POP name",
    says: "letters, digits and `-`",
    max: limits::POP_NAME_MAX,
    first: pop,
    rest: pop,
};

pub(super) const BACKEND: Rule = Rule {
    noun: "a backend name",
    says: "visible ASCII characters and spaces",
    max: limits::BACKEND_NAME_MAX,
    first: visible,
    rest: visible,
};

pub(super) const SECRET: Rule = plain("a secret name");

const CONFIG_LINK: Rule = Rule {
    noun: "a config store link",
    says: "letters, digits, `_` and spaces, starting with a letter",
    max: limits::STORE_NAME_MAX,
    first: letter,
    rest: spaced,
};

const CONFIG_STORE: Rule = Rule {
    noun: "a config store name",
    says: "letters, digits, `-`, `_`, `.`, `!` and spaces",
    max: limits::STORE_NAME_MAX,
    first: config_store,
    rest: config_store,
};

/// The rule of a link to a store of this kind.
pub(super) fn link(kind: StoreKind) -> Rule {
    match kind {
        StoreKind::Kv => plain("a KV store link"),
        StoreKind::Config => CONFIG_LINK,
        StoreKind::Secret => plain("a secret store link"),
        StoreKind::Acl => plain("an ACL link"),
    }
}

/// The rule of a store of this kind.
pub(super) fn store(kind: StoreKind) -> Rule {
    match kind {
        StoreKind::Kv => plain("a KV store name"),
        StoreKind::Config => CONFIG_STORE,
        StoreKind::Secret => plain("a secret store name"),
        StoreKind::Acl => plain("an ACL name"),
    }
}

/// The rule that KV stores, secret stores, their links and secrets share.
const fn plain(noun: &'static str) -> Rule {
    let says = "letters, digits, `-`, `_` and `.`";
    Rule { noun, says, max: limits::STORE_NAME_MAX, first: dotted, rest: dotted }
}

fn letter(c: char) -> bool {
    c.is_ascii_alphabetic()
}

fn pop(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

fn dashed(c: char) -> bool {
    pop(c) || c == '_'
}

fn dotted(c: char) -> bool {
    dashed(c) || c == '.'
}

/// What the platform is known to take; `UPDATED NAME!` is one of its own (platform.md section 3.1).
fn config_store(c: char) -> bool {
    dotted(c) || matches!(c, ' ' | '!')
}

fn spaced(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | ' ')
}

fn visible(c: char) -> bool {
    c.is_ascii_graphic() || c == ' '
}
