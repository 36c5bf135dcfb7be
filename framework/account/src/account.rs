//! The account and how it is read. How it is changed is `edit`'s part.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use selvedge_model::id::{LinkId, ServiceId, StoreId};
use selvedge_model::name::StoreKind;

use crate::record::{
    AclEntries, AclEntry, ConfigItem, ConfigItems, Link, Said, SealedSecret, Secrets, Service,
    Store, Version,
};
use crate::refused::{Refused, Subject};

/// Services with their versions, stores, and the contents of config and secret stores.
///
/// A copy shares every record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    pub(crate) services: BTreeMap<ServiceId, Arc<Service>>,
    pub(crate) versions: BTreeMap<(ServiceId, u32), Arc<Version>>,
    pub(crate) stores: BTreeMap<StoreId, Arc<Store>>,
    pub(crate) config: BTreeMap<StoreId, Arc<ConfigItems>>,
    pub(crate) secrets: BTreeMap<StoreId, Arc<Secrets>>,
    pub(crate) acls: BTreeMap<StoreId, Arc<AclEntries>>,
    /// What `edge.toml` said last of an item.
    pub(crate) declared: BTreeMap<(StoreId, String), Arc<Said>>,
}

impl Account {
    /// All services, by id.
    pub fn services(&self) -> impl Iterator<Item = &Arc<Service>> {
        self.services.values()
    }

    /// A service by its id, else by its name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn service(&self, id_or_name: &str) -> Result<&Arc<Service>, Refused> {
        match self.services.get(id_or_name) {
            Some(service) => Ok(service),
            None => self.service_named(id_or_name),
        }
    }

    /// A service by its name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn service_named(&self, name: &str) -> Result<&Arc<Service>, Refused> {
        let found = self.services().find(|service| service.name == name);
        found.ok_or_else(|| Refused::not_found(Subject::Service, name))
    }

    /// A service's versions, oldest first.
    pub fn versions(&self, service: &ServiceId) -> impl Iterator<Item = &Arc<Version>> {
        let all = (service.clone(), 0)..=(service.clone(), u32::MAX);
        self.versions.range(all).map(|(_, version)| version)
    }

    /// One of them.
    ///
    /// # Errors
    /// Where the service has no such version.
    pub fn version(&self, service: &ServiceId, number: u32) -> Result<&Arc<Version>, Refused> {
        let found = self.versions.get(&(service.clone(), number));
        found.ok_or_else(|| Refused::not_found(Subject::Version, number.to_string()))
    }

    /// The version that answers requests, if one does.
    #[must_use]
    pub fn active(&self, service: &ServiceId) -> Option<&Arc<Version>> {
        self.versions(service).find(|version| version.active)
    }

    /// A link of a version.
    ///
    /// # Errors
    /// Where the version, or the link in it, does not exist.
    pub fn link(&self, service: &ServiceId, number: u32, id: &LinkId) -> Result<&Link, Refused> {
        let found = self.version(service, number)?.links.iter().find(|link| link.id == *id);
        found.ok_or_else(|| Refused::not_found(Subject::Link, id.as_str()))
    }

    /// All stores of a kind, by id.
    pub fn stores(&self, kind: StoreKind) -> impl Iterator<Item = &Arc<Store>> {
        self.stores.values().filter(move |store| store.kind == kind)
    }

    /// A store of a kind.
    ///
    /// # Errors
    /// Where there is none of that kind.
    pub fn store(&self, kind: StoreKind, id: &str) -> Result<&Arc<Store>, Refused> {
        let found = self.stores.get(id).filter(|store| store.kind == kind);
        found.ok_or_else(|| Refused::not_found(Subject::Store(kind), id))
    }

    /// A store of a kind by its name.
    #[must_use]
    pub fn store_named(&self, kind: StoreKind, name: &str) -> Option<&Arc<Store>> {
        self.stores(kind).find(|store| store.name == name)
    }

    /// A store of any kind.
    #[must_use]
    pub fn resource(&self, id: &StoreId) -> Option<&Arc<Store>> {
        self.stores.get(id)
    }

    /// The store that a manifest calls so: the one that it made under this name, else the one that has it.
    #[must_use]
    pub fn declared_store(&self, kind: StoreKind, name: &str) -> Option<&Arc<Store>> {
        let made_as = self.stores(kind).find(|store| store.declared_as.as_deref() == Some(name));
        made_as.or_else(|| self.store_named(kind, name))
    }

    /// A version that may answer requests without a further change and links a store: an active one, or a draft.
    #[must_use]
    pub fn in_use_by(&self, store: &StoreId) -> Option<(&Arc<Service>, &Arc<Version>)> {
        let mut links =
            self.links_of(store).filter(|(_, version, _)| version.active || !version.locked);
        links.next().map(|(service, version, _)| (service, version))
    }

    /// Where a store is linked: service, version, link; oldest version first within a service.
    pub fn links_of(
        &self,
        store: &StoreId,
    ) -> impl Iterator<Item = (&Arc<Service>, &Arc<Version>, &Link)> {
        let versions = self.versions.iter();
        versions.flat_map(move |((service, _), version)| {
            let service = self.services.get(service);
            let links = version.links.iter().filter(move |link| link.store == *store);
            links.filter_map(move |link| Some((service?, version, link)))
        })
    }

    /// A config store's items in the byte order of their keys.
    pub fn config_items(&self, store: &str) -> impl Iterator<Item = (&str, &ConfigItem)> {
        let items = self.config.get(store).into_iter().flat_map(|items| items.iter());
        items.map(|(key, item)| (key.as_str(), &**item))
    }

    /// An item of a config store; `None` where the store, or the item in it, does not exist.
    #[must_use]
    pub fn config_item(&self, store: &str, key: &str) -> Option<&ConfigItem> {
        self.config.get(store)?.get(key).map(|item| &**item)
    }

    /// An ACL's entries in the byte order of their blocks as text.
    pub fn acl_entries(&self, acl: &str) -> impl Iterator<Item = (&str, &AclEntry)> {
        let entries = self.acls.get(acl).into_iter().flat_map(|entries| entries.iter());
        entries.map(|(prefix, entry)| (prefix.as_str(), &**entry))
    }

    /// The entry of an ACL with the longest prefix that an address has; `None` where the ACL, or such an entry in it,
    /// does not exist.
    #[must_use]
    pub fn acl_match(&self, acl: &str, address: IpAddr) -> Option<&AclEntry> {
        let entries = self.acl_entries(acl).map(|(_, entry)| entry);
        let found = entries.filter(|entry| entry.network.contains(address));
        found.max_by_key(|entry| entry.network.prefix_len())
    }

    /// A secret store's secrets in the byte order of their names.
    pub fn secrets(&self, store: &str) -> impl Iterator<Item = (&str, &SealedSecret)> {
        let secrets = self.secrets.get(store).into_iter().flat_map(|secrets| secrets.iter());
        secrets.map(|(name, secret)| (name.as_str(), &**secret))
    }

    /// A secret of a secret store; `None` where the store, or the secret in it, does not exist.
    #[must_use]
    pub fn secret(&self, store: &str, name: &str) -> Option<&SealedSecret> {
        self.secrets.get(store)?.get(name).map(|secret| &**secret)
    }
}
