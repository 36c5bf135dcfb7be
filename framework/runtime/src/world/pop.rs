//! A POP: a name and one shelf, on which each service's objects stand under its own name.

use selvedge_cache::shelf::Shelf;
use selvedge_model::name::PopName;

use crate::headers::node;

/// A place where services run.
pub struct Pop {
    /// Its name, as the manifest has it: `LHR`.
    pub name: PopName,
    /// The node, as `X-Served-By` names it: `cache-lhr1-LHR`.
    pub node: String,
    /// The cached objects of every service here. A key begins with its service, so that no
    /// service finds another's.
    pub shelf: Shelf,
}

impl Pop {
    /// A POP with room for so many bytes of objects, those that are gathered and read included.
    #[must_use]
    pub fn new(name: PopName, shelf_bytes: u64) -> Self {
        Self { node: node(name.as_str()), name, shelf: Shelf::new(shelf_bytes) }
    }
}
