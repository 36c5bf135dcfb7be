//! Config stores as the manifest fills them.

use std::collections::BTreeMap;

use selvedge_model::{manifest::Manifest, name::StoreName};

/// The contents of every config store of an account.
#[derive(Clone, Debug, Default)]
pub struct ConfigStores {
    stores: BTreeMap<StoreName, BTreeMap<String, String>>,
}

impl ConfigStores {
    /// What the manifest says; its limits are checked already.
    #[must_use]
    pub fn from_manifest(manifest: &Manifest) -> Self {
        Self { stores: manifest.config_stores.clone() }
    }

    /// An item; `None` where the store, or the item in it, does not exist.
    #[must_use]
    pub fn get(&self, store: &StoreName, key: &str) -> Option<String> {
        self.stores.get(store)?.get(key).cloned()
    }
}
