//! Domains: the hosts that select a service. That no two services have the same one is checked when a version is activated.

use axum::extract::State;
use selvedge_account::{Refused, Subject, Version};
use selvedge_model::{id::ServiceId, name::Domain};
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::edit::{Place, edit, find};
use crate::admin::{
    Api,
    wire::{At, Fields, Reply, done, ok, time},
};

const KEY: &str = "domains";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    name: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    name: &'a str,
    service_id: &'a str,
    version: u32,
    comment: &'static str,
    created_at: String,
    updated_at: String,
    deleted_at: (),
}

pub(super) async fn create(
    State(api): State<Api>,
    At(place): At<Place>,
    Fields(Named { name }): Fields<Named>,
) -> Reply {
    let (id, version, name) = edit(&api, &place, |settings| {
        let mut domains = of(settings);
        let name = unused(&domains, &name)?;
        domains.push(name.clone());
        keep(settings, domains);
        Ok(name)
    })
    .await?;
    ok(Shown::of(&id, &version, &name))
}

pub(super) async fn list(State(api): State<Api>, At(place): At<Place>) -> Reply {
    let (id, version) = find(&api.account(), &place)?;
    let domains = of(&version.settings);
    ok(domains.iter().map(|name| Shown::of(&id, &version, name)).collect::<Vec<_>>())
}

pub(super) async fn show(
    State(api): State<Api>,
    At((service, number, name)): At<(String, u32, String)>,
) -> Reply {
    let (id, version) = find(&api.account(), &(service, number))?;
    let domains = of(&version.settings);
    let found = place_of(&domains, &name)?;
    ok(Shown::of(&id, &version, domains.get(found).unwrap_or(&name)))
}

pub(super) async fn rename(
    State(api): State<Api>,
    At((service, number, old)): At<(String, u32, String)>,
    Fields(Named { name }): Fields<Named>,
) -> Reply {
    let (id, version, name) = edit(&api, &(service, number), |settings| {
        let mut domains = of(settings);
        let place = place_of(&domains, &old)?;
        domains.remove(place);
        let name = unused(&domains, &name)?;
        domains.insert(place, name.clone());
        keep(settings, domains);
        Ok(name)
    })
    .await?;
    ok(Shown::of(&id, &version, &name))
}

pub(super) async fn delete(
    State(api): State<Api>,
    At((service, number, name)): At<(String, u32, String)>,
) -> Reply {
    edit(&api, &(service, number), |settings| {
        let mut domains = of(settings);
        domains.remove(place_of(&domains, &name)?);
        keep(settings, domains);
        Ok(())
    })
    .await?;
    done()
}

fn of(settings: &Table) -> Vec<String> {
    let list = settings.get(KEY).and_then(Value::as_array);
    let names = list.into_iter().flatten().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

fn keep(settings: &mut Table, domains: Vec<String>) {
    let list = domains.into_iter().map(Value::String).collect();
    settings.insert(KEY.to_owned(), Value::Array(list));
}

fn place_of(domains: &[String], name: &str) -> Result<usize, Refused> {
    let found = domains.iter().position(|domain| domain.eq_ignore_ascii_case(name));
    found.ok_or_else(|| Refused::not_found(Subject::Domain, name))
}

/// The name as a domain is written, if it is one that the version does not have.
fn unused(domains: &[String], name: &str) -> Result<String, Refused> {
    let name = Domain::new(name)?.as_str().to_owned();
    match place_of(domains, &name) {
        Ok(_) => Err(Refused::Duplicate { subject: Subject::Domain, name }),
        Err(_) => Ok(name),
    }
}

impl<'a> Shown<'a> {
    fn of(service: &'a ServiceId, version: &Version, name: &'a str) -> Self {
        Self {
            name,
            service_id: service.as_str(),
            version: version.number,
            comment: "",
            created_at: time::seconds(version.created_ms),
            updated_at: time::seconds(version.updated_ms),
            deleted_at: (),
        }
    }
}
