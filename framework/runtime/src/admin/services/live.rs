//! What a service is doing: how often its rules have matched, and how its backends are. Both are our own.

use std::sync::Arc;

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
