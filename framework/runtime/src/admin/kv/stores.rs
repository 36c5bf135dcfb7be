//! The stores themselves.

use std::sync::Arc;

use axum::extract::State;
use selvedge_account::Store;
use selvedge_model::{id::StoreId, limits::KV_STORE_LIST_MAX, name::StoreKind};
use serde::Serialize;

use crate::{
    admin::{
        Api,
        store::{self, Named},
        wire::{
            At, Failed, Fields, Query, Reply, created,
            failed::Kind,
            gone, ok,
            page::{Limits, Wanted},
            time,
        },
    },
    stores::kv::{Closing, drop_items},
};

const KIND: StoreKind = StoreKind::Kv;

const LIMITS: Limits = Limits { default: KV_STORE_LIST_MAX, most: KV_STORE_LIST_MAX };

/// Where a store's items lie on the platform; a node has one place only, so that the choice means nothing here.
const LOCATIONS: [&str; 4] = ["US", "EU", "ASIA", "AUS"];

/// A store, its fields in the platform's order.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    name: &'a str,
    created_at: String,
    updated_at: String,
}

#[derive(Serialize)]
struct Page<'a> {
    data: Vec<Shown<'a>>,
    meta: Meta,
}

#[derive(Serialize)]
struct Meta {
    limit: usize,
    total: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

impl<'a> Shown<'a> {
    fn of(store: &'a Store) -> Self {
        Self {
            id: store.id.as_str(),
            name: &store.name,
            created_at: time::millis(store.created_ms),
            updated_at: time::millis(store.updated_ms),
        }
    }
}

pub(super) async fn create(
    State(api): State<Api>,
    mut query: Query,
    Fields(Named { name }): Fields<Named>,
) -> Reply {
    check_location(query.text("location")?.as_deref())?;
    query.end()?;
    created(Shown::of(&*store::create(&api, KIND, &name).await?))
}

fn check_location(location: Option<&str>) -> Result<(), Failed> {
    match location {
        Some(other) if !LOCATIONS.contains(&other) => Err(Failed::bad_request(format!(
            "`location` is one of {}, not `{other}`",
            LOCATIONS.map(|location| format!("`{location}`")).join(", ")
        ))),
        _ => Ok(()),
    }
}

pub(super) async fn list(State(api): State<Api>, mut query: Query) -> Reply {
    let wanted = Wanted::of(&mut query, LIMITS)?;
    let name = query.text("name")?;
    query.end()?;
    let account = api.account();
    let is_named = |store: &&Arc<Store>| name.as_ref().is_none_or(|name| store.name == *name);
    let total = account.stores(KIND).filter(is_named).count();
    let (stores, next_cursor) =
        wanted.cut(account.stores(KIND).filter(is_named), |store| store.id.as_str());
    let data = stores.into_iter().map(|store| Shown::of(store)).collect();
    ok(Page { data, meta: Meta { limit: wanted.limit, total, next_cursor } })
}

pub(super) async fn show(State(api): State<Api>, At(id): At<String>) -> Reply {
    ok(Shown::of(api.account().store(KIND, &id)?))
}

pub(super) async fn rename(
    State(api): State<Api>,
    At(id): At<String>,
    Fields(Named { name }): Fields<Named>,
) -> Reply {
    ok(Shown::of(&*store::rename(&api, KIND, &id, &name).await?))
}

/// A client that goes away does not end it halfway.
pub(super) async fn delete(State(api): State<Api>, At(id): At<String>) -> Reply {
    let deleted = tokio::spawn(async move { delete_whole(&api, &id).await });
    match deleted.await {
        Ok(deleted) => deleted.and_then(|()| gone()),
        Err(cause) => Err(Failed::new(Kind::Broken, cause.to_string())),
    }
}

/// The store takes no writes from the moment on at which it was seen to be empty, so that no acknowledged one goes with
/// it. One at a time, as the one that fails lets the store take writes again.
async fn delete_whole(api: &Api, id: &str) -> Result<(), Failed> {
    let _turn = api.deleting.lock().await;
    let id = super::store(api, id)?;
    let has_items = api.kv().close(&id, api.now_ms()).await? == Closing::NotEmpty;
    if let Err(failed) = store::delete(api, KIND, id.as_str(), has_items).await {
        api.kv().reopen(&id);
        return Err(failed);
    }
    forget(api, &id).await;
    Ok(())
}

/// Removes what nobody could read because its time was over. What cannot be removed takes room, and is out of reach: the
/// id is never given again.
async fn forget(api: &Api, id: &StoreId) {
    let _ = drop_items(api.kv(), id).await;
}
