//! A POP: a name and one shelf, on which each service's objects stand under its own name.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use selvedge_cache::shelf::Shelf;
use selvedge_model::name::PopName;

use crate::headers::node;

/// Bodies on their way to the shelf may take this part of its budget beside it.
const FILLING_SHARE: u64 = 4;

/// A place where services run.
pub struct Pop {
    /// Its name, as the manifest has it: `LHR`.
    pub name: PopName,
    /// The node, as `X-Served-By` names it: `cache-lhr1-LHR`.
    pub node: String,
    /// The cached objects of every service here. A key begins with its service, so that no
    /// service finds another's.
    pub shelf: Shelf,
    /// The memory of bodies that are not complete yet.
    pub filling: Arc<Filling>,
}

impl Pop {
    /// A POP with room for so many bytes of objects.
    #[must_use]
    pub fn new(name: PopName, shelf_bytes: u64) -> Self {
        let filling =
            Arc::new(Filling { limit: shelf_bytes / FILLING_SHARE, used: AtomicU64::new(0) });
        Self { node: node(name.as_str()), name, shelf: Shelf::new(shelf_bytes), filling }
    }
}

/// What copies of bodies take while they are gathered, so that many slow readers at once cannot
/// take more than was allowed.
#[derive(Debug)]
pub struct Filling {
    limit: u64,
    used: AtomicU64,
}

impl Filling {
    /// Room for a body that is about to be gathered; none is taken yet.
    #[must_use]
    pub fn open(self: &Arc<Self>) -> Room {
        Room { filling: Arc::clone(self), taken: 0 }
    }
}

/// The room that one body has taken; given back when it is dropped.
#[derive(Debug)]
pub struct Room {
    filling: Arc<Filling>,
    taken: u64,
}

impl Room {
    /// Takes more, or says that there is no more.
    #[must_use]
    pub fn take(&mut self, bytes: u64) -> bool {
        let Filling { limit, used } = &*self.filling;
        let fits = |now: u64| now.checked_add(bytes).filter(|sum| sum <= limit);
        let taken = used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_ok();
        self.taken += if taken { bytes } else { 0 };
        taken
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.filling.used.fetch_sub(self.taken, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_taken_up_to_the_limit_and_given_back() {
        let filling = Arc::new(Filling { limit: 10, used: AtomicU64::new(0) });
        let mut one = filling.open();
        let mut other = filling.open();
        assert!(one.take(6) && !other.take(5) && other.take(4) && !one.take(1));
        drop(other);
        assert!(one.take(4) && !one.take(1));
        drop(one);
        assert!(filling.open().take(10));
    }
}
