//! Stores are made, renamed and deleted. A link that names a store does not change with its name.

use std::sync::Arc;

use selvedge_model::id::StoreId;
use selvedge_model::limits::{ACLS_PER_ACCOUNT, CONFIG_STORES_PER_ACCOUNT, KV_STORES_PER_ACCOUNT};
use selvedge_model::name::{StoreKind, StoreName};

use crate::record::{Maker, Store};
use crate::refused::Subject;
use crate::{Account, Fresh, Refused};

impl Account {
    /// Makes a store.
    ///
    /// # Errors
    /// [`Refused::Name`]; [`Refused::Duplicate`]; [`Refused::Limit`].
    pub fn create_store(
        &mut self,
        kind: StoreKind,
        name: &str,
        made_by: Maker,
        fresh: &mut dyn Fresh,
    ) -> Result<Arc<Store>, Refused> {
        self.check_store_name(kind, name, None)?;
        self.check_room_for_store(kind)?;
        let (id, now_ms) = (fresh.store_id(kind), fresh.now_ms());
        let (created_ms, updated_ms) = (now_ms, now_ms);
        let declared_as = (made_by == Maker::Declared).then(|| name.to_owned());
        let name = name.to_owned();
        let store = Store { id, kind, name, made_by, declared_as, created_ms, updated_ms };
        Ok(self.keep_store(store))
    }

    /// Gives a store another name.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::Name`]; [`Refused::Duplicate`].
    pub fn rename_store(
        &mut self,
        kind: StoreKind,
        id: &str,
        name: &str,
        fresh: &mut dyn Fresh,
    ) -> Result<Arc<Store>, Refused> {
        let store = Arc::clone(self.store(kind, id)?);
        self.check_store_name(kind, name, Some(&store.id))?;
        let (name, updated_ms) = (name.to_owned(), fresh.now_ms());
        Ok(self.keep_store(Store { name, updated_ms, ..(*store).clone() }))
    }

    /// Deletes a store with what it contains, unless an active version or a draft links it. Other versions keep a link
    /// that leads nowhere, and cannot be activated again. Whether a KV store has items is for the caller to say.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::Linked`]; [`Refused::NotEmpty`].
    pub fn delete_store(
        &mut self,
        kind: StoreKind,
        id: &str,
        has_kv_items: bool,
    ) -> Result<Arc<Store>, Refused> {
        let store = Arc::clone(self.store(kind, id)?);
        if let Some((service, version)) = self.in_use_by(&store.id) {
            let (service, version) = (service.name.clone(), version.number);
            let (what, store) = (Subject::Store(kind), store.name.clone());
            return Err(Refused::Linked { what, store, service, version });
        }
        if has_kv_items {
            return Err(Refused::NotEmpty { store: store.name.clone() });
        }
        self.forget_store(&store.id);
        Ok(store)
    }

    pub(crate) fn forget_store(&mut self, id: &StoreId) {
        self.stores.remove(id);
        self.config.remove(id);
        self.secrets.remove(id);
        self.acls.remove(id);
        self.declared.retain(|(store, _), _| store != id);
    }

    fn keep_store(&mut self, store: Store) -> Arc<Store> {
        let store = Arc::new(store);
        self.stores.insert(store.id.clone(), Arc::clone(&store));
        store
    }

    fn check_store_name(
        &self,
        kind: StoreKind,
        name: &str,
        own: Option<&StoreId>,
    ) -> Result<(), Refused> {
        StoreName::new(kind, name)?;
        match self.store_named(kind, name) {
            Some(other) if own != Some(&other.id) => {
                Err(Refused::Duplicate { subject: Subject::Store(kind), name: name.to_owned() })
            }
            _ => Ok(()),
        }
    }

    fn check_room_for_store(&self, kind: StoreKind) -> Result<(), Refused> {
        let (what, most) = match kind {
            StoreKind::Kv => ("KV stores", KV_STORES_PER_ACCOUNT),
            StoreKind::Config => ("config stores", CONFIG_STORES_PER_ACCOUNT),
            StoreKind::Acl => ("ACLs", ACLS_PER_ACCOUNT),
            StoreKind::Secret => return Ok(()),
        };
        match self.stores(kind).count() < most {
            true => Ok(()),
            false => Err(Refused::Limit { what, of: "an account", most }),
        }
    }
}
