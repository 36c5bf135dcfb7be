//! Backends: the places that a version sends to (platform.md section 1.4), with the fields that this platform has.
//!
//! `service` is our own: the name of the service that the backend enters, in place of an address. Whether an address is one
//! is checked when the version is activated or validated.

mod fields;
mod probe;
mod shown;

use axum::extract::State;
use selvedge_account::{Refused, Subject};
use selvedge_model::name::check_backend;
use toml::{Table, Value};

use self::{
    fields::{Create, Settings},
    shown::Shown,
};
use super::edit::{Place, edit, find};
use crate::admin::{
    Api,
    wire::{At, Fields, Reply, done, ok},
};

const KEY: &str = "backends";

pub(super) async fn create(
    State(api): State<Api>,
    At(place): At<Place>,
    Fields(Create { name, settings: said }): Fields<Create>,
) -> Reply {
    let (id, version, ()) = edit(&api, &place, |settings| {
        check_backend(&name)?;
        let mut backends = of(settings);
        if backends.contains_key(&name) {
            return Err(Refused::Duplicate { subject: Subject::Backend, name: name.clone() });
        }
        backends.insert(name.clone(), Value::Table(said.put_into(Table::new())?));
        keep(settings, backends);
        Ok(())
    })
    .await?;
    let backends = of(&version.settings);
    ok(Shown::of(&id, &version, &name, backend(&backends, &name)?))
}

pub(super) async fn list(State(api): State<Api>, At(place): At<Place>) -> Reply {
    let (id, version) = find(&api.account(), &place)?;
    let backends = of(&version.settings);
    let tables = backends.iter().filter_map(|(name, value)| Some((name, value.as_table()?)));
    ok(tables.map(|(name, table)| Shown::of(&id, &version, name, table)).collect::<Vec<_>>())
}

pub(super) async fn show(
    State(api): State<Api>,
    At((service, number, name)): At<(String, u32, String)>,
) -> Reply {
    let (id, version) = find(&api.account(), &(service, number))?;
    let backends = of(&version.settings);
    ok(Shown::of(&id, &version, &name, backend(&backends, &name)?))
}

/// What is not said stays.
pub(super) async fn update(
    State(api): State<Api>,
    At((service, number, name)): At<(String, u32, String)>,
    Fields(said): Fields<Settings>,
) -> Reply {
    let (id, version, ()) = edit(&api, &(service, number), |settings| {
        let mut backends = of(settings);
        let old = backend(&backends, &name)?.clone();
        backends.insert(name.clone(), Value::Table(said.put_into(old)?));
        keep(settings, backends);
        Ok(())
    })
    .await?;
    let backends = of(&version.settings);
    ok(Shown::of(&id, &version, &name, backend(&backends, &name)?))
}

pub(super) async fn delete(
    State(api): State<Api>,
    At((service, number, name)): At<(String, u32, String)>,
) -> Reply {
    edit(&api, &(service, number), |settings| {
        let mut backends = of(settings);
        backend(&backends, &name)?;
        backends.remove(&name);
        keep(settings, backends);
        Ok(())
    })
    .await?;
    done()
}

fn of(settings: &Table) -> Table {
    settings.get(KEY).and_then(Value::as_table).cloned().unwrap_or_default()
}

fn keep(settings: &mut Table, backends: Table) {
    settings.insert(KEY.to_owned(), Value::Table(backends));
}

fn backend<'a>(backends: &'a Table, name: &str) -> Result<&'a Table, Refused> {
    let found = backends.get(name).and_then(Value::as_table);
    found.ok_or_else(|| Refused::not_found(Subject::Backend, name))
}
