//! The ACLs themselves. They come in one page: an account has few.

use axum::extract::State;
use selvedge_account::Store;
use selvedge_model::name::StoreKind;
use serde::Serialize;

use crate::admin::{
    Api,
    store::{self, Named},
    wire::{At, Fields, Reply, gone, ok},
};

const KIND: StoreKind = StoreKind::Acl;

/// An ACL, its fields in the platform's order.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct All<'a> {
    data: Vec<Shown<'a>>,
    meta: Meta,
}

#[derive(Serialize)]
struct Meta {
    total: usize,
}

impl<'a> Shown<'a> {
    fn of(acl: &'a Store) -> Self {
        Self { id: acl.id.as_str(), name: &acl.name }
    }
}

/// 200, where stores of other kinds are 201 (platform.md section 16, row 6).
pub(super) async fn create(State(api): State<Api>, Fields(Named { name }): Fields<Named>) -> Reply {
    ok(Shown::of(&*store::create(&api, KIND, &name).await?))
}

pub(super) async fn list(State(api): State<Api>) -> Reply {
    let account = api.account();
    let data: Vec<_> = account.stores(KIND).map(|acl| Shown::of(acl)).collect();
    let meta = Meta { total: data.len() };
    ok(All { data, meta })
}

pub(super) async fn show(State(api): State<Api>, At(id): At<String>) -> Reply {
    ok(Shown::of(api.account().store(KIND, &id)?))
}

/// Its entries go with it.
pub(super) async fn delete(State(api): State<Api>, At(id): At<String>) -> Reply {
    store::delete(&api, KIND, &id, false).await?;
    gone()
}
