//! What an `edge.toml` declares, taken apart for the account: services with their settings and links, and stores.

mod apply;
mod contents;
mod reseal;
mod step;

use std::collections::BTreeMap;

use selvedge_model::manifest::{Manifest, Service};
use selvedge_model::name::StoreKind;
use toml::{Table, Value};

pub use self::apply::Apply;
pub use self::reseal::Resealed;
pub use self::step::{Conflict, Conflicts, Step};
use crate::record::ServiceType;

/// The sections that an account keeps; the rest is about nodes.
const KEPT: [&str; 5] = ["services", "kv_stores", "config_stores", "secret_stores", "acls"];

/// What a manifest declares.
#[derive(Clone, Debug, PartialEq)]
pub struct Declared {
    /// Everything that is no service and no store.
    pub base: Table,
    /// The stores, by kind and name.
    pub stores: Vec<(StoreKind, String)>,
    /// The services.
    pub services: Vec<DeclaredService>,
}

/// One service of it.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredService {
    /// Its name.
    pub name: String,
    /// Code or rules.
    pub kind: ServiceType,
    /// Its table without links.
    pub settings: Table,
    /// Its links: the kind and name of the store by the link's name.
    pub links: BTreeMap<String, (StoreKind, String)>,
}

impl Declared {
    /// Takes a manifest apart that has been checked.
    ///
    /// # Errors
    /// Where the text is not the one that the manifest was read from.
    pub fn of(text: &str, manifest: &Manifest) -> Result<Self, String> {
        let mut base: Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
        let tables = base.get("services").and_then(Value::as_table).cloned().unwrap_or_default();
        base.retain(|key, _| !KEPT.contains(&key));
        let services = manifest.services.values().map(|service| {
            let table = tables.get(service.name.as_str()).and_then(Value::as_table);
            let table = table.ok_or_else(|| format!("there is no service `{}`", service.name))?;
            Ok(declared(service, table))
        });
        Ok(Self {
            services: services.collect::<Result<_, String>>()?,
            stores: stores(manifest),
            base,
        })
    }
}

fn declared(service: &Service, table: &Table) -> DeclaredService {
    let mut settings = table.clone();
    settings.remove("links");
    let links = service.links.iter().map(|(name, link)| {
        (name.as_str().to_owned(), (link.kind, link.store.as_str().to_owned()))
    });
    let kind = match service.kind.is_delivery() {
        true => ServiceType::Delivery,
        false => ServiceType::Compute,
    };
    DeclaredService {
        name: service.name.as_str().to_owned(),
        kind,
        settings,
        links: links.collect(),
    }
}

fn stores(manifest: &Manifest) -> Vec<(StoreKind, String)> {
    let kv = manifest.kv_stores.keys().map(|name| (StoreKind::Kv, name));
    let config = manifest.config_stores.keys().map(|name| (StoreKind::Config, name));
    let secret = manifest.secret_stores.keys().map(|name| (StoreKind::Secret, name));
    let acls = manifest.acls.iter().map(|name| (StoreKind::Acl, name));
    let all = kv.chain(config).chain(secret).chain(acls);
    all.map(|(kind, name)| (kind, name.as_str().to_owned())).collect()
}
