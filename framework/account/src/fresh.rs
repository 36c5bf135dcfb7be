//! Where the time and the randomness of new records come from.

use selvedge_model::id::{LinkId, ServiceId, StoreId};
use selvedge_model::name::StoreKind;

/// The time of a change, and the random bits of the ids that it makes.
pub trait Fresh {
    /// Milliseconds since the Unix epoch; the same for all that one change does.
    fn now_ms(&self) -> u64;

    /// Random bits, never the same twice.
    fn bits(&mut self) -> u128;

    /// A new id.
    fn service_id(&mut self) -> ServiceId {
        ServiceId::made_of(self.bits())
    }

    /// A new id.
    fn store_id(&mut self, kind: StoreKind) -> StoreId {
        StoreId::made_of(kind, self.bits())
    }

    /// A new id.
    fn link_id(&mut self) -> LinkId {
        LinkId::made_of(self.bits())
    }
}
