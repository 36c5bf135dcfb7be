//! From the text of a manifest to the checked [`Manifest`], with all problems at once.
//!
//! `sink` gathers problems, `table` and `value` read TOML with its places, `keys` knows every key;
//! then one file per section; `account` puts them together and `graph` warns about the whole.
//! A broken part is reported and left out, so that the rest is still checked.

use std::net::SocketAddr;

use toml::de::{DeTable, Error};

use super::Manifest;
use crate::problem::Problems;

mod account;
mod backend;
mod caching;
mod chain_auth;
mod director;
mod graph;
mod healthcheck;
mod items;
mod keys;
mod link;
mod places;
mod rule;
mod services;
mod shelf;
mod sink;
mod stores;
mod table;
mod then;
mod token;
mod value;
mod when;

use sink::{At, Sink};
use table::Table;

/// More of the parser's errors than this are one mistake that it stumbles over again and again.
const MAX_SYNTAX_ERRORS: usize = 20;

/// Where the text comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A person wrote it, to have something served.
    Written,
    /// The same, and a node listens there.
    Served { listen: SocketAddr, admin: SocketAddr },
    /// It is what is active in an account, which may be nothing.
    Active,
}

/// Reads and checks a manifest; `None` exactly when a problem refuses it.
pub(super) fn manifest(text: &str, form: Form) -> (Option<Manifest>, Problems) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut sink = Sink::new(text, !errors.is_empty());
    for error in errors.iter().take(MAX_SYNTAX_ERRORS) {
        syntax(error, &mut sink);
    }
    let root = Table::root(document.get_ref());
    let manifest = account::read(&root, form, &mut sink);
    match manifest.filter(|_| !sink.has_refusals()) {
        Some(manifest) => {
            graph::warn(&manifest, form, &root, &mut sink);
            (Some(manifest), sink.into_problems())
        }
        None => (None, sink.into_problems()),
    }
}

/// Text that is not TOML. The parser's own words are kept; its first letter follows our style.
fn syntax(error: &Error, sink: &mut Sink<'_>) {
    let at = At(error.span().map_or(0, |span| span.start));
    let message = error.message().lines().collect::<Vec<_>>().join(", ");
    sink.refuse(at, format!("not TOML: {message}"));
}
