//! What is active, as the text of a manifest: the one form that is checked as a whole, at start and on activation.

use selvedge_model::name::StoreKind;
use toml::{Table, Value};

use crate::Account;
use crate::record::{Service, Version};

impl Account {
    /// The manifest of all active versions, with this for everything that is no service and no store. Stores have no
    /// contents in it: those are live.
    #[must_use]
    pub fn live_manifest(&self, base: &Table) -> String {
        let mut root = base.clone();
        for kind in StoreKind::ALL {
            let stores = self.stores(kind).map(|store| (store.name.clone(), empty()));
            root.insert(format!("{}s", kind.as_str()), Value::Table(stores.collect()));
        }
        let active = |service: &&std::sync::Arc<Service>| self.active(&service.id).cloned();
        let services = self.services().filter_map(|service| Some((service, active(&service)?)));
        let services = services.map(|(service, version)| {
            (service.name.clone(), Value::Table(self.service_table(&version)))
        });
        root.insert("services".to_owned(), Value::Table(services.collect()));
        root.to_string()
    }

    fn service_table(&self, version: &Version) -> Table {
        let mut table = version.settings.clone();
        let links = version.links.iter().filter_map(|link| {
            let store = self.resource(&link.store)?;
            let to = (store.kind.as_str().to_owned(), Value::String(store.name.clone()));
            Some((link.name.clone(), Value::Table(Table::from_iter([to]))))
        });
        table.insert("links".to_owned(), Value::Table(links.collect()));
        table
    }
}

fn empty() -> Value {
    Value::Table(Table::new())
}
