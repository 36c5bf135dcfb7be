//! Items, one by one.

use axum::extract::State;
use selvedge_account::{Account, ConfigChange, ConfigItem, ConfigOp, Refused, Subject};
use selvedge_model::name::StoreKind;
use serde::{Deserialize, Serialize};

use crate::admin::{
    Api,
    wire::{At, Failed, Fields, Reply, done, ok, time},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Create {
    item_key: String,
    item_value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Write {
    item_value: String,
    /// The path has it already; some clients say it twice.
    item_key: Option<String>,
}

/// An item, its fields in the platform's order.
#[derive(Serialize)]
struct Shown<'a> {
    item_key: &'a str,
    item_value: &'a str,
    created_at: String,
    updated_at: String,
    deleted_at: (),
    store_id: &'a str,
}

impl<'a> Shown<'a> {
    fn of(store_id: &'a str, item_key: &'a str, item: &'a ConfigItem) -> Self {
        Self {
            item_key,
            item_value: &item.value,
            created_at: time::seconds(item.created_ms),
            updated_at: time::seconds(item.updated_ms),
            deleted_at: (),
            store_id,
        }
    }
}

pub(super) async fn list(State(api): State<Api>, At(store): At<String>) -> Reply {
    let account = api.account();
    let store = account.store(StoreKind::Config, &store)?.id.as_str();
    let items = account.config_items(store);
    ok(items.map(|(key, item)| Shown::of(store, key, item)).collect::<Vec<_>>())
}

pub(super) async fn create(
    State(api): State<Api>,
    At(store): At<String>,
    Fields(Create { item_key, item_value }): Fields<Create>,
) -> Reply {
    write(&api, &store, item_key, ConfigOp::Create(item_value)).await
}

pub(super) async fn show(State(api): State<Api>, At((store, key)): At<(String, String)>) -> Reply {
    ok(Shown::of(&store, &key, item(&api.account(), &store, &key)?))
}

pub(super) async fn upsert(
    State(api): State<Api>,
    At((store, key)): At<(String, String)>,
    Fields(fields): Fields<Write>,
) -> Reply {
    let value = fields.value(&key)?;
    write(&api, &store, key, ConfigOp::Upsert(value)).await
}

pub(super) async fn update(
    State(api): State<Api>,
    At((store, key)): At<(String, String)>,
    Fields(fields): Fields<Write>,
) -> Reply {
    let value = fields.value(&key)?;
    write(&api, &store, key, ConfigOp::Update(value)).await
}

pub(super) async fn delete(
    State(api): State<Api>,
    At((store, key)): At<(String, String)>,
) -> Reply {
    let change = [ConfigChange { key, op: ConfigOp::Delete }];
    api.live().change(|account, fresh| account.change_config(&store, &change, fresh)).await?;
    done()
}

impl Write {
    fn value(self, key: &str) -> Result<String, Failed> {
        match self.item_key {
            Some(other) if other != key => Err(Failed::bad_request(format!(
                "`item_key` is `{other}`, and the path names `{key}`"
            ))),
            _ => Ok(self.item_value),
        }
    }
}

/// Writes an item and shows what it has become.
async fn write(api: &Api, store: &str, key: String, op: ConfigOp) -> Reply {
    let change = [ConfigChange { key, op }];
    let written = api.live().change(|account, fresh| {
        account.change_config(store, &change, fresh)?;
        let [ConfigChange { key, .. }] = &change;
        item(account, store, key).cloned()
    });
    let item = written.await?;
    let [ConfigChange { key, .. }] = &change;
    ok(Shown::of(store, key, &item))
}

fn item<'a>(account: &'a Account, store: &str, key: &str) -> Result<&'a ConfigItem, Refused> {
    account.store(StoreKind::Config, store)?;
    let found = account.config_item(store, key);
    found.ok_or_else(|| Refused::not_found(Subject::ConfigItem, key))
}
