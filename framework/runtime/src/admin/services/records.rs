//! Services, whatever their versions say.

use axum::extract::State;
use selvedge_account::{self as account, Account, Fresh, Refused, ServiceType};
use selvedge_model::id::ServiceId;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::shown::{Service, Version, current};
use crate::admin::{
    Api,
    wire::{At, Failed, Fields, Query, Reply, done, ok},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Create {
    name: String,
    #[serde(default)]
    r#type: Type,
    #[serde(default)]
    comment: String,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Type {
    /// The platform's default.
    #[default]
    Vcl,
    Wasm,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Update {
    name: Option<String>,
    comment: Option<String>,
}

/// A service in a list, with the number of its current version.
#[derive(Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    service: Service<'a>,
    version: Option<u32>,
}

#[derive(Serialize)]
struct Details<'a> {
    #[serde(flatten)]
    service: Service<'a>,
    active_version: Option<Version<'a>>,
    version: Option<Version<'a>>,
}

/// A new service has version 1, a draft.
pub(super) async fn create(
    State(api): State<Api>,
    Fields(Create { name, r#type, comment }): Fields<Create>,
) -> Reply {
    let made = api.live().change(|account, fresh| make(account, &name, r#type, &comment, fresh));
    let id = made.await?;
    shown(&api, &id)
}

fn make(
    account: &mut Account,
    name: &str,
    r#type: Type,
    comment: &str,
    fresh: &mut dyn Fresh,
) -> Result<ServiceId, Refused> {
    let (kind, settings) = match r#type {
        Type::Vcl => (ServiceType::Delivery, vec![("type", "delivery")]),
        // Its handler is the one of the same name, unless the manifest says otherwise.
        Type::Wasm => (ServiceType::Compute, vec![("type", "compute"), ("handler", name)]),
    };
    let service = account.create_service(name, kind, comment, fresh)?.id.clone();
    let version = account.create_version(&service, fresh)?.number;
    let setting = |(key, value): (&str, &str)| (key.to_owned(), Value::String(value.to_owned()));
    let settings: Table = settings.into_iter().map(setting).collect();
    account.set_settings(&service, version, settings, fresh)?;
    Ok(service)
}

pub(super) async fn list(State(api): State<Api>) -> Reply {
    let account = api.account();
    ok(account.services().map(|service| Listed::of(&account, service)).collect::<Vec<_>>())
}

/// By its exact name.
pub(super) async fn search(State(api): State<Api>, mut query: Query) -> Reply {
    let name = query.text("name")?;
    query.end()?;
    let name = name.ok_or_else(|| Failed::bad_request("the parameter `name` is missing"))?;
    let account = api.account();
    ok(Listed::of(&account, account.service_named(&name)?))
}

pub(super) async fn show(State(api): State<Api>, At(service): At<String>) -> Reply {
    let account = api.account();
    ok(Service::of(&account, account.service(&service)?))
}

pub(super) async fn details(State(api): State<Api>, At(service): At<String>) -> Reply {
    let account = api.account();
    let service = account.service(&service)?;
    let version = |version| Version::of(&service.id, version);
    ok(Details {
        active_version: account.active(&service.id).map(|active| version(active)),
        version: current(&account, &service.id).map(|current| version(current)),
        service: Service::of(&account, service),
    })
}

pub(super) async fn update(
    State(api): State<Api>,
    At(service): At<String>,
    Fields(Update { name, comment }): Fields<Update>,
) -> Reply {
    let changed = api.live().change(|account, fresh| {
        let id = account.service(&service)?.id.clone();
        account.update_service(&id, name.as_deref(), comment.as_deref(), fresh)
    });
    shown(&api, &changed.await?.id)
}

pub(super) async fn delete(State(api): State<Api>, At(service): At<String>) -> Reply {
    let deleted = api.live().change(|account, _| {
        let id = account.service(&service)?.id.clone();
        account.delete_service(&id)
    });
    deleted.await?;
    done()
}

impl<'a> Listed<'a> {
    fn of(account: &'a Account, service: &'a account::Service) -> Self {
        let version = current(account, &service.id).map(|version| version.number);
        Self { service: Service::of(account, service), version }
    }
}

fn shown(api: &Api, id: &ServiceId) -> Reply {
    let account = api.account();
    ok(Service::of(&account, account.service(id.as_str())?))
}
