//! A POP: a name and one shelf, on which each service's objects stand under its own name.

use selvedge_cache::shelf::Shelf;
use selvedge_model::name::PopName;

/// A place where services run.
pub struct Pop {
    /// Its name, as the manifest has it: `LHR`.
    pub name: PopName,
    /// The cached objects of every service here. A key begins with its service, so that no
    /// service finds another's.
    pub shelf: Shelf,
}
