//! The account as rows, which is how it is made durable: a name, and the record as JSON text.
//!
//! ```text
//! service/ID            version/ID/00000001      store/ID
//! config/ID/KEY         secret/ID/NAME           declared/ID/KEY
//! acl/ID/PREFIX
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use selvedge_model::id::{ServiceId, StoreId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Account;

/// One row: its name, and its text or that it is gone.
pub type Row = (String, Option<Vec<u8>>);

/// Why rows are no account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// The row.
    pub row: String,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row `{}` of the account is damaged: {}", self.row, self.what)
    }
}

impl std::error::Error for Damaged {}

/// The rows that differ between two accounts; what both share is not looked at.
#[must_use]
pub fn changes(old: &Account, new: &Account) -> Vec<Row> {
    let mut rows = Vec::new();
    differ(&old.services, &new.services, |id| format!("service/{id}"), &mut rows);
    let version = |(id, number): &(ServiceId, u32)| format!("version/{id}/{number:08}");
    differ(&old.versions, &new.versions, version, &mut rows);
    differ(&old.stores, &new.stores, |id| format!("store/{id}"), &mut rows);
    within(&old.config, &new.config, "config", &mut rows);
    within(&old.secrets, &new.secrets, "secret", &mut rows);
    within(&old.acls, &new.acls, "acl", &mut rows);
    let declared = |(id, key): &(StoreId, String)| format!("declared/{id}/{key}");
    differ(&old.declared, &new.declared, declared, &mut rows);
    rows
}

/// The rows of one map that differ.
fn differ<K: Ord, V: Serialize + PartialEq>(
    old: &BTreeMap<K, Arc<V>>,
    new: &BTreeMap<K, Arc<V>>,
    name: impl Fn(&K) -> String,
    rows: &mut Vec<Row>,
) {
    for (key, value) in new {
        let is_same = |old: &Arc<V>| Arc::ptr_eq(old, value) || old == value;
        if !old.get(key).is_some_and(is_same) {
            // Records are made of text, numbers and lists: all of them can be JSON.
            rows.push((name(key), Some(serde_json::to_vec(&**value).unwrap_or_default())));
        }
    }
    rows.extend(old.keys().filter(|key| !new.contains_key(key)).map(|key| (name(key), None)));
}

/// What a config store, a secret store or an ACL contains.
type Items<V> = BTreeMap<String, Arc<V>>;

/// The rows of stores' contents that differ.
fn within<V: Serialize + PartialEq>(
    old: &BTreeMap<StoreId, Arc<Items<V>>>,
    new: &BTreeMap<StoreId, Arc<Items<V>>>,
    kind: &str,
    rows: &mut Vec<Row>,
) {
    let none = Arc::default();
    let added = new.keys().filter(|store: &&StoreId| !old.contains_key(*store));
    for store in old.keys().chain(added) {
        let (old, new) = (old.get(store).unwrap_or(&none), new.get(store).unwrap_or(&none));
        if !Arc::ptr_eq(old, new) {
            differ(old, new, |key| format!("{kind}/{store}/{key}"), rows);
        }
    }
}

impl Account {
    /// The account that these rows are.
    ///
    /// # Errors
    /// The first row that is none of an account's.
    pub fn from_rows<'a>(
        rows: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Self, Damaged> {
        let mut account = Self::default();
        for (name, text) in rows {
            let row = || name.to_owned();
            account.take(name, text).map_err(|what| Damaged { row: row(), what })?;
        }
        Ok(account)
    }

    fn take(&mut self, name: &str, text: &[u8]) -> Result<(), String> {
        let mut parts = name.splitn(3, '/');
        let mut part = || parts.next().unwrap_or_default();
        let (kind, id, rest) = (part(), part(), part());
        match kind {
            "service" => drop(self.services.insert(service_id(id)?, read(text)?)),
            "version" => {
                let number = rest.parse().map_err(|_| "it has no number")?;
                self.versions.insert((service_id(id)?, number), read(text)?);
            }
            "store" => drop(self.stores.insert(store_id(id)?, read(text)?)),
            "config" => put(&mut self.config, store_id(id)?, rest, read(text)?),
            "secret" => put(&mut self.secrets, store_id(id)?, rest, read(text)?),
            "acl" => put(&mut self.acls, store_id(id)?, rest, read(text)?),
            "declared" => {
                self.declared.insert((store_id(id)?, rest.to_owned()), read(text)?);
            }
            _ => return Err("there are no rows of this kind".to_owned()),
        }
        Ok(())
    }
}

fn put<V>(stores: &mut BTreeMap<StoreId, Arc<Items<V>>>, store: StoreId, key: &str, item: Arc<V>) {
    Arc::make_mut(stores.entry(store).or_default()).insert(key.to_owned(), item);
}

fn read<V: DeserializeOwned>(text: &[u8]) -> Result<Arc<V>, String> {
    serde_json::from_slice(text).map(Arc::new).map_err(|error| error.to_string())
}

fn service_id(text: &str) -> Result<ServiceId, String> {
    ServiceId::parse(text).ok_or_else(|| "its id is none".to_owned())
}

fn store_id(text: &str) -> Result<StoreId, String> {
    StoreId::parse(text).ok_or_else(|| "its id is none".to_owned())
}
