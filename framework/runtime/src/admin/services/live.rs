//! What a service is doing: how often its rules have matched, how its backends are, and whom its chain guard has refused. All
//! are our own.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
};

use axum::extract::State;
use selvedge_account::{Refused, Subject};
use serde::Serialize;

use crate::{
    admin::{
        Api,
        wire::{At, Reply, ok},
    },
    world::{self, Counted},
};

/// A rule of the active version.
#[derive(Serialize)]
struct Rule {
    /// Its place among the rules, from 1.
    number: usize,
    name: Option<String>,
    hits: u64,
}

/// A backend of the active version.
#[derive(Serialize)]
struct Backend<'a> {
    name: &'a str,
    healthy: bool,
    /// Whether that was found out by probes.
    probed: bool,
    under_way: usize,
    max_connections: Option<usize>,
}

/// The chain guard of the active version.
#[derive(Serialize)]
struct Chain {
    /// The modes of token that it accepts; none where it requires no token.
    accept: Vec<&'static str>,
    nonces: NoncesSeen,
    /// How often somebody was refused, by the reason.
    refused: BTreeMap<&'static str, u64>,
}

/// The one-time tokens that are remembered.
#[derive(Serialize)]
struct NoncesSeen {
    /// As of the last one that came.
    remembered: usize,
    most: Option<usize>,
}

/// What the chain guard has done on this node.
pub(super) async fn chain(State(api): State<Api>, At(name): At<String>) -> Reply {
    let service = active(&api, &name)?;
    let required = service.required.as_ref();
    let modes = required.into_iter().flat_map(|required| &required.accept);
    let remembered = service.nonces.lock().unwrap_or_else(PoisonError::into_inner).count();
    let counted = service.refusals.counted();
    ok(Chain {
        accept: modes.map(|mode| mode.as_str()).collect(),
        nonces: NoncesSeen { remembered, most: required.map(|required| required.nonces) },
        refused: counted.map(|(refusal, count)| (refusal.reason(), count)).collect(),
    })
}

/// The rules of what is active; a compute service has none.
pub(super) async fn rules(State(api): State<Api>, At(name): At<String>) -> Reply {
    let service = active(&api, &name)?;
    let counted = service.rules().map(world::Rules::counted).unwrap_or_default();
    let rule = |(place, Counted { name, hits })| Rule { number: place + 1, name, hits };
    ok(counted.into_iter().enumerate().map(rule).collect::<Vec<_>>())
}

/// The backends of what is active, as this node sees them.
pub(super) async fn health(State(api): State<Api>, At(name): At<String>) -> Reply {
    let service = active(&api, &name)?;
    let shown = service.backends.values().map(|backend| Backend {
        name: backend.settings.name.as_str(),
        healthy: backend.state.works(),
        probed: backend.settings.healthcheck.is_some(),
        under_way: backend.state.under_way(),
        max_connections: backend.settings.max_connections,
    });
    ok(shown.collect::<Vec<_>>())
}

fn active(api: &Api, name: &str) -> Result<Arc<world::Service>, Refused> {
    let id = api.account().service(name)?.id.clone();
    let world = api.worlds.now();
    let found = world.services.values().find(|service| service.id == id);
    found.cloned().ok_or_else(|| Refused::not_found(Subject::Version, "active"))
}
