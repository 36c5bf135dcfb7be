//! What goes on from one world to the next: how often services were purged, and the numbers of backends.
//!
//! Objects lie on the shelf under the name and the generation of their service, longer than a service may be active. So
//! no generation of a name is ever used twice: the upper half counts the services that had the name, one after another,
//! the lower half how often everything of one was purged.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use selvedge_model::{id::ServiceId, name::ServiceName};

/// The first generation of the next service of a name.
const NEXT_SERVICE: u64 = 1 << 32;

/// Who has a name now, and the generation of what it has cached.
type Owner = (ServiceId, Arc<AtomicU64>);

/// Kept for as long as a node runs.
#[derive(Debug, Default)]
pub(super) struct Carried {
    generations: Mutex<BTreeMap<ServiceName, Owner>>,
    backends: AtomicUsize,
}

impl Carried {
    /// The generation counter of a service: the same one in every world that it is in.
    pub(super) fn generation(&self, name: &ServiceName, id: &ServiceId) -> Arc<AtomicU64> {
        let mut owners = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let first = match owners.get(name) {
            Some((owner, generation)) if owner == id => return Arc::clone(generation),
            Some((_, old)) => (old.load(Ordering::Acquire) | (NEXT_SERVICE - 1)).saturating_add(1),
            None => 0,
        };
        let generation = Arc::new(AtomicU64::new(first));
        owners.insert(name.clone(), (id.clone(), Arc::clone(&generation)));
        generation
    }

    /// A number that no other backend has had.
    pub(super) fn backend(&self) -> usize {
        self.backends.fetch_add(1, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_generation_of_a_name_is_used_twice() {
        let carried = Carried::default();
        let name = ServiceName::new("shop").unwrap();
        let (one, other) = (ServiceId::made_of(1), ServiceId::made_of(2));
        let first = carried.generation(&name, &one);
        assert_eq!(first.fetch_add(1, Ordering::AcqRel), 0);
        assert_eq!(carried.generation(&name, &one).load(Ordering::Acquire), 1);
        let second = carried.generation(&name, &other);
        assert_eq!(second.load(Ordering::Acquire), NEXT_SERVICE);
        // Who had the name may still purge; that reaches none of the newcomer's generations.
        first.fetch_add(1, Ordering::AcqRel);
        assert_eq!(second.load(Ordering::Acquire), NEXT_SERVICE);
        assert_eq!(carried.generation(&name, &one).load(Ordering::Acquire), 2 * NEXT_SERVICE);
    }
}
