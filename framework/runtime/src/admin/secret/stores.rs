//! The stores themselves.

use axum::extract::State;
use selvedge_account::Store;
use selvedge_model::name::StoreKind;
use serde::Serialize;

use super::{LIMITS, Meta, Page};
use crate::admin::{
    Api,
    store::{self, Named},
    wire::{At, Fields, Query, Reply, created, gone, ok, page::Wanted, time},
};

const KIND: StoreKind = StoreKind::Secret;

/// A store, its fields in the platform's order.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    name: &'a str,
    created_at: String,
}

impl<'a> Shown<'a> {
    fn of(store: &'a Store) -> Self {
        let created_at = time::seconds(store.created_ms);
        Self { id: store.id.as_str(), name: &store.name, created_at }
    }
}

pub(super) async fn create(State(api): State<Api>, Fields(Named { name }): Fields<Named>) -> Reply {
    created(Shown::of(&*store::create(&api, KIND, &name).await?))
}

pub(super) async fn list(State(api): State<Api>, mut query: Query) -> Reply {
    let wanted = Wanted::of(&mut query, LIMITS)?;
    let name = query.text("name")?;
    query.end()?;
    let account = api.account();
    let stores = account.stores(KIND);
    let named = stores.filter(|store| name.as_ref().is_none_or(|name| store.name == *name));
    let (stores, next_cursor) = wanted.cut(named, |store| store.id.as_str());
    let data = stores.into_iter().map(|store| Shown::of(store)).collect();
    ok(Page { data, meta: Meta { limit: wanted.limit, next_cursor } })
}

pub(super) async fn show(State(api): State<Api>, At(id): At<String>) -> Reply {
    ok(Shown::of(api.account().store(KIND, &id)?))
}

/// What it contains goes with it.
pub(super) async fn delete(State(api): State<Api>, At(id): At<String>) -> Reply {
    store::delete(&api, KIND, &id, false).await?;
    gone()
}
