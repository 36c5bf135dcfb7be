//! A bridge: stores that only the manifest knows have names and no ids yet, so theirs are made of their names.
//!
//! To be replaced by the ids that an account gives its stores when it makes them.

use selvedge_model::{
    id::StoreId,
    name::{StoreKind, StoreName},
};
use sha2::{Digest, Sha256};

/// The id of the manifest's store of this name: the same one in every run.
#[must_use]
pub fn store_id(kind: StoreKind, name: &StoreName) -> StoreId {
    let digest = Sha256::digest(format!("{kind}/{name}"));
    let bits = digest.first_chunk::<16>().map_or(0, |bytes| u128::from_be_bytes(*bytes));
    StoreId::made_of(kind, bits)
}
