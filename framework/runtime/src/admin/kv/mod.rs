//! KV stores and their items (platform.md section 2.3).

mod batch;
mod delete;
mod item;
mod keys;
mod put;
mod stores;

use axum::{extract::State, response::IntoResponse};
use http::StatusCode;
use selvedge_account::Refused;
use selvedge_model::{id::StoreId, key::KvKey, name::StoreKind};

use super::{
    Api,
    endpoint::endpoints,
    wire::{At, Failed, Reply},
};

endpoints! {
    POST "/resources/stores/kv" stores::create;
    GET "/resources/stores/kv" stores::list;
    GET "/resources/stores/kv/{store}" stores::show;
    PUT "/resources/stores/kv/{store}" stores::rename;
    DELETE "/resources/stores/kv/{store}" stores::delete;
    GET "/resources/stores/kv/{store}/keys" keys::list;
    GET "/resources/stores/kv/{store}/keys/{*key}" item::get;
    PUT "/resources/stores/kv/{store}/keys/{*key}" put::put;
    DELETE "/resources/stores/kv/{store}/keys/{*key}" delete::delete;
    PUT "/resources/stores/kv/{store}/batch" batch::write;
}

/// The id of a KV store that exists.
fn store(api: &Api, id: &str) -> Result<StoreId, Refused> {
    Ok(api.account().store(StoreKind::Kv, id)?.id.clone())
}

/// A key of no characters matches no pattern of a path, and is refused as every other key is that breaks a rule.
pub(super) async fn no_key(State(api): State<Api>, At(id): At<String>) -> Reply {
    store(&api, &id)?;
    key(String::new()).map(|_| StatusCode::NOT_FOUND.into_response())
}

fn key(text: String) -> Result<KvKey, Failed> {
    KvKey::new(text).map_err(|error| Failed::bad_request(error.to_string()))
}
