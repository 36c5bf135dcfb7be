//! The stores themselves.

use std::collections::BTreeSet;

use axum::extract::State;
use selvedge_account::Store;
use selvedge_model::name::StoreKind;
use serde::Serialize;

use crate::admin::{
    Api,
    services::shown::Service,
    store::{self, Named},
    wire::{At, Fields, Query, Reply, done, ok, time},
};

const KIND: StoreKind = StoreKind::Config;

/// A store, its fields in the platform's order.
#[derive(Serialize)]
struct Shown<'a> {
    name: &'a str,
    id: &'a str,
    created_at: String,
    updated_at: String,
    deleted_at: (),
}

impl<'a> Shown<'a> {
    fn of(store: &'a Store) -> Self {
        Self {
            name: &store.name,
            id: store.id.as_str(),
            created_at: time::seconds(store.created_ms),
            updated_at: time::seconds(store.updated_ms),
            deleted_at: (),
        }
    }
}

pub(super) async fn create(State(api): State<Api>, Fields(Named { name }): Fields<Named>) -> Reply {
    ok(Shown::of(&*store::create(&api, KIND, &name).await?))
}

pub(super) async fn list(State(api): State<Api>, mut query: Query) -> Reply {
    let name = query.text("name")?;
    query.end()?;
    let account = api.account();
    let stores = account.stores(KIND);
    let wanted = stores.filter(|store| name.as_ref().is_none_or(|name| store.name == *name));
    ok(wanted.map(|store| Shown::of(store)).collect::<Vec<_>>())
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

pub(super) async fn delete(State(api): State<Api>, At(id): At<String>) -> Reply {
    store::delete(&api, KIND, &id, false).await?;
    done()
}

/// How many items it has.
pub(super) async fn info(State(api): State<Api>, At(id): At<String>) -> Reply {
    #[derive(Serialize)]
    struct Info {
        item_count: usize,
    }
    let account = api.account();
    let store = account.store(KIND, &id)?;
    ok(Info { item_count: account.config_items(store.id.as_str()).count() })
}

/// The services that link it in any version, each once.
pub(super) async fn services(State(api): State<Api>, At(id): At<String>) -> Reply {
    let account = api.account();
    let store = account.store(KIND, &id)?;
    let mut seen = BTreeSet::new();
    let linked = account.links_of(&store.id).map(|(service, ..)| service);
    let once = linked.filter(|service| seen.insert(service.id.as_str()));
    ok(once.map(|service| Service::of(&account, service)).collect::<Vec<_>>())
}
