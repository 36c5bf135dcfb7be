//! What the endpoints of all three kinds of store share: a name comes in, a store goes out.

use std::sync::Arc;

use selvedge_account::{Maker, Store};
use selvedge_model::name::StoreKind;
use serde::Deserialize;

use super::{Api, wire::Failed};

/// What makes or renames a store.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    pub(super) name: String,
}

/// Makes a store.
pub(super) async fn create(api: &Api, kind: StoreKind, name: &str) -> Result<Arc<Store>, Failed> {
    let made =
        api.live().change(|account, fresh| account.create_store(kind, name, Maker::Person, fresh));
    Ok(made.await?)
}

/// Gives a store another name.
pub(super) async fn rename(
    api: &Api,
    kind: StoreKind,
    id: &str,
    name: &str,
) -> Result<Arc<Store>, Failed> {
    let renamed = api.live().change(|account, fresh| account.rename_store(kind, id, name, fresh));
    Ok(renamed.await?)
}

/// Deletes a store; one of KV items only if the caller has seen that it has none.
pub(super) async fn delete(
    api: &Api,
    kind: StoreKind,
    id: &str,
    has_kv_items: bool,
) -> Result<Arc<Store>, Failed> {
    let deleted = api.live().change(|account, _| account.delete_store(kind, id, has_kv_items));
    Ok(deleted.await?)
}
