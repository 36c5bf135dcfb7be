//! Resource links: the names under which a service version sees stores (platform.md section 1.2).

use axum::extract::State;
use selvedge_account::{Account, Link, Refused, Subject};
use selvedge_model::{
    id::{LinkId, ServiceId},
    name::StoreKind,
};
use serde::{Deserialize, Serialize};

use super::{
    Api,
    endpoint::endpoints,
    wire::{At, Failed, Fields, Reply, done, ok, time},
};

endpoints! {
    POST "/service/{service}/version/{version}/resource" create;
    GET "/service/{service}/version/{version}/resource" list;
    GET "/service/{service}/version/{version}/resource/{link}" show;
    PUT "/service/{service}/version/{version}/resource/{link}" update;
    DELETE "/service/{service}/version/{version}/resource/{link}" delete;
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    name: String,
    resource_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    name: Option<String>,
    resource_id: Option<String>,
}

/// A link, its fields in the platform's order.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    name: &'a str,
    service_id: &'a str,
    version: u32,
    created_at: String,
    updated_at: String,
    deleted_at: (),
    resource_id: &'a str,
    resource_type: &'static str,
    href: (),
}

async fn create(
    State(api): State<Api>,
    At((service, version)): At<(String, u32)>,
    Fields(Create { name, resource_id }): Fields<Create>,
) -> Reply {
    let service = id(&api.account(), &service)?;
    let made = api.live().change(|account, fresh| {
        account.create_link(&service, version, &name, &resource_id, fresh)
    });
    shown(&api, &service, version, &made.await?)
}

async fn list(State(api): State<Api>, At((service, version)): At<(String, u32)>) -> Reply {
    let account = api.account();
    let service = id(&account, &service)?;
    let links = account.version(&service, version)?.links.iter();
    ok(links.map(|link| Shown::of(&account, &service, version, link)).collect::<Vec<_>>())
}

async fn show(
    State(api): State<Api>,
    At((service, version, link)): At<(String, u32, String)>,
) -> Reply {
    let account = api.account();
    let service = id(&account, &service)?;
    shown(&api, &service, version, account.link(&service, version, &parse(&link)?)?)
}

async fn update(
    State(api): State<Api>,
    At((service, version, link)): At<(String, u32, String)>,
    Fields(Update { name, resource_id }): Fields<Update>,
) -> Reply {
    if name.is_none() && resource_id.is_none() {
        return Err(Failed::bad_request("the body names neither `name` nor `resource_id`"));
    }
    let (service, link) = (id(&api.account(), &service)?, parse(&link)?);
    let (name, store) = (name.as_deref(), resource_id.as_deref());
    let changed = api.live().change(|account, fresh| {
        account.update_link((&service, version, &link), name, store, fresh)
    });
    shown(&api, &service, version, &changed.await?)
}

async fn delete(
    State(api): State<Api>,
    At((service, version, link)): At<(String, u32, String)>,
) -> Reply {
    let (service, link) = (id(&api.account(), &service)?, parse(&link)?);
    let deleted =
        api.live().change(|account, fresh| account.delete_link(&service, version, &link, fresh));
    deleted.await?;
    done()
}

fn id(account: &Account, id_or_name: &str) -> Result<ServiceId, Refused> {
    Ok(account.service(id_or_name)?.id.clone())
}

/// What is no id is the id of nothing.
fn parse(link: &str) -> Result<LinkId, Refused> {
    LinkId::parse(link).ok_or_else(|| Refused::not_found(Subject::Link, link))
}

fn shown(api: &Api, service: &ServiceId, version: u32, link: &Link) -> Reply {
    ok(Shown::of(&api.account(), service, version, link))
}

impl<'a> Shown<'a> {
    fn of(account: &Account, service: &'a ServiceId, version: u32, link: &'a Link) -> Self {
        let kind = account.resource(&link.store).map(|store| store.kind);
        Self {
            id: link.id.as_str(),
            name: &link.name,
            service_id: service.as_str(),
            version,
            created_at: time::seconds(link.created_ms),
            updated_at: time::seconds(link.updated_ms),
            deleted_at: (),
            resource_id: link.store.as_str(),
            resource_type: kind.map_or("", resource_type),
            href: (),
        }
    }
}

/// Recorded traffic has `object-store` for the first; the platform's documents have this (platform.md section 16, row 3).
fn resource_type(kind: StoreKind) -> &'static str {
    match kind {
        StoreKind::Kv => "kv-store",
        StoreKind::Config => "config-store",
        StoreKind::Secret => "secret-store",
        StoreKind::Acl => "acl",
    }
}
