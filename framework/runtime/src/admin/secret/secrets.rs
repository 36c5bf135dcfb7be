//! Secrets. The answers have a digest that tells nothing of what a secret says.

mod body;

use axum::{body::Body, extract::State};
use selvedge_account::{Refused, SealedSecret, SecretMode, Subject};
use selvedge_model::name::StoreKind;
use serde::Serialize;

use super::{LIMITS, Meta, Page};
use crate::admin::{
    Api,
    wire::{At, Query, Reply, gone, ok, page::Wanted, time},
};

/// A secret, its fields in the platform's order.
#[derive(Serialize)]
struct Shown<'a> {
    name: &'a str,
    digest: &'a str,
    created_at: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    recreated: bool,
}

impl<'a> Shown<'a> {
    fn of(name: &'a str, secret: &'a SealedSecret, recreated: bool) -> Self {
        let created_at = time::seconds(secret.created_ms);
        Self { name, digest: &secret.digest, created_at, recreated }
    }
}

pub(super) async fn create(State(api): State<Api>, At(store): At<String>, body: Body) -> Reply {
    write(&api, &store, SecretMode::Create, body).await
}

pub(super) async fn create_or_recreate(
    State(api): State<Api>,
    At(store): At<String>,
    body: Body,
) -> Reply {
    write(&api, &store, SecretMode::CreateOrRecreate, body).await
}

pub(super) async fn recreate(State(api): State<Api>, At(store): At<String>, body: Body) -> Reply {
    write(&api, &store, SecretMode::Recreate, body).await
}

pub(super) async fn list(State(api): State<Api>, At(store): At<String>, mut query: Query) -> Reply {
    let wanted = Wanted::of(&mut query, LIMITS)?;
    query.end()?;
    let account = api.account();
    let store = account.store(StoreKind::Secret, &store)?;
    let (secrets, next_cursor) = wanted.cut(account.secrets(store.id.as_str()), |(name, _)| name);
    let shown = secrets.into_iter().map(|(name, secret)| Shown::of(name, secret, false));
    ok(Page { data: shown.collect(), meta: Meta { limit: wanted.limit, next_cursor } })
}

pub(super) async fn show(State(api): State<Api>, At((store, name)): At<(String, String)>) -> Reply {
    let account = api.account();
    account.store(StoreKind::Secret, &store)?;
    let unknown = || Refused::not_found(Subject::Secret, &name);
    ok(Shown::of(&name, account.secret(&store, &name).ok_or_else(unknown)?, false))
}

pub(super) async fn delete(
    State(api): State<Api>,
    At((store, name)): At<(String, String)>,
) -> Reply {
    api.live().change(|account, _| account.delete_secret(&store, &name)).await?;
    gone()
}

async fn write(api: &Api, store: &str, mode: SecretMode, body: Body) -> Reply {
    let id = api.account().store(StoreKind::Secret, store)?.id.clone();
    let (name, plain) = body::read(api, body).await?;
    let sealed = api.live().seal(&id, &name, &plain);
    let written = api.live().change(|account, fresh| {
        let existed = account.put_secret(store, &name, mode, sealed, fresh)?;
        let unknown = || Refused::not_found(Subject::Secret, &name);
        Ok((account.secret(store, &name).ok_or_else(unknown)?.clone(), existed))
    });
    let (secret, recreated) = written.await?;
    ok(Shown::of(&name, &secret, recreated))
}
