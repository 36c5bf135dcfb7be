//! What an account consists of. Records are shared and never changed in place: a change makes a new one.
//!
//! Names in them have been checked when they were made.

mod text;

use std::collections::BTreeMap;
use std::sync::Arc;

use selvedge_model::id::{LinkId, ServiceId, StoreId};
use selvedge_model::manifest::Network;
use selvedge_model::name::StoreKind;
use serde::{Deserialize, Serialize};
use toml::Table;

/// Who made something, or decided it last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Maker {
    /// `edge.toml`, when a node started.
    Declared,
    /// A person or a program, through the management API.
    Person,
}

/// Whether code or rules answer a service's requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceType {
    /// A handler.
    Compute,
    /// Rules.
    Delivery,
}

/// A service, whatever its versions say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Its id.
    #[serde(with = "text::service_id")]
    pub id: ServiceId,
    /// Its name, which no other service of the account has.
    pub name: String,
    /// What it was made as; a version's settings say the same.
    pub kind: ServiceType,
    /// What a person wrote about it.
    pub comment: String,
    /// Who activated or deactivated a version last.
    pub steered_by: Maker,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// When it was changed last.
    pub updated_ms: u64,
}

/// One version of a service: what it sees and does. Once activated or locked it never changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Its number, counted from 1 in each service.
    pub number: u32,
    /// Whether it is the one that answers requests; at most one of a service is.
    pub active: bool,
    /// Whether it can no longer be edited.
    pub locked: bool,
    /// Who made it.
    pub made_by: Maker,
    /// What a person wrote about it.
    pub comment: String,
    /// The table `[services.NAME]` of a manifest, without its links.
    pub settings: Table,
    /// The stores that it sees, in the order in which they were linked.
    pub links: Vec<Link>,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// When it was changed last.
    pub updated_ms: u64,
}

/// A store's name inside a service version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its id; a clone of its version has one of its own.
    #[serde(with = "text::link_id")]
    pub id: LinkId,
    /// The name that code uses.
    pub name: String,
    /// The store.
    #[serde(with = "text::store_id")]
    pub store: StoreId,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// When it was changed last.
    pub updated_ms: u64,
}

/// A KV, config or secret store, or an ACL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    /// Its id, under which its contents are kept.
    #[serde(with = "text::store_id")]
    pub id: StoreId,
    /// What kind of store it is.
    #[serde(with = "text::store_kind")]
    pub kind: StoreKind,
    /// Its name, which no other store of its kind has.
    pub name: String,
    /// Who made it.
    pub made_by: Maker,
    /// The name that a manifest made it under, which it is known by there whatever it is called since.
    #[serde(default)]
    pub declared_as: Option<String>,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// When it was renamed last.
    pub updated_ms: u64,
}

/// A config store's items by key.
pub(crate) type ConfigItems = BTreeMap<String, Arc<ConfigItem>>;

/// One item of a config store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigItem {
    /// Its value.
    pub value: String,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// When its value was written last.
    pub updated_ms: u64,
}

/// A secret store's secrets by name.
pub(crate) type Secrets = BTreeMap<String, Arc<SealedSecret>>;

/// One secret, which only the node's key opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedSecret {
    /// Its sealed bytes.
    #[serde(with = "text::bytes")]
    pub sealed: Vec<u8>,
    /// What the management API shows of it: base64 text that tells nothing of the plaintext.
    pub digest: String,
    /// When it was made or remade, in milliseconds since the Unix epoch.
    pub created_ms: u64,
}

/// An ACL's entries by their blocks as text.
pub(crate) type AclEntries = BTreeMap<String, Arc<AclEntry>>;

/// One entry of an ACL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AclEntry {
    /// The addresses.
    #[serde(rename = "prefix", with = "text::network")]
    pub network: Network,
    /// What is to be done with them; `ALLOW`, `BLOCK` or another text.
    pub action: String,
}

/// What a manifest said last of a config item or a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said {
    /// The value; of a secret a text that differs when the plaintext does, and tells nothing else of it. `None` where that
    /// is not known any more.
    pub(crate) said: Option<String>,
    /// The digest that a secret got then.
    pub(crate) digest: Option<String>,
}
