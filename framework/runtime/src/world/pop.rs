//! A POP: a name and one shelf, on which each service's objects stand under its own name.

use std::sync::Arc;

use http::HeaderValue;
use selvedge_cache::shelf::Shelf;
use selvedge_model::name::PopName;

use crate::{
    flight::{Flights, Waits},
    headers::node,
    stores::kv::PopKv,
};

/// A place where services run.
pub struct Pop {
    /// Its name, as the manifest has it: `LHR`.
    pub name: PopName,
    /// The node, as `X-Served-By` names it: `cache-lhr1-LHR`.
    pub node: String,
    /// The same as that header's item.
    pub served_by: HeaderValue,
    /// The cached objects of every service here. A key begins with its service, so that no
    /// service finds another's.
    pub shelf: Shelf,
    /// The fetches that several wait for.
    pub flights: Arc<Flights>,
    /// KV stores as they are seen from here.
    pub kv: PopKv,
}

impl Pop {
    /// A POP with this shelf, on which nothing lies yet, and this view of KV stores.
    #[must_use]
    pub fn new(name: PopName, shelf: Shelf, kv: PopKv, waits: &Arc<Waits>) -> Self {
        let flights = Arc::new(Flights::new(Arc::clone(waits)));
        let node = node(name.as_str());
        // A POP's name has no character that a header does not take.
        let served_by = HeaderValue::from_str(&node);
        let served_by = served_by.unwrap_or_else(|_| HeaderValue::from_static("cache"));
        Self { node, served_by, name, shelf, flights, kv }
    }
}
