//! `GET /account`: services, links and chains as JSON. Values of stores are not shown, and of
//! secrets not even the names.

use std::sync::Arc;

use axum::{Json, extract::State};
use selvedge_model::{
    chain::ChainGraph,
    manifest::{Backend, Service, ServiceKind, Target},
};
use serde_json::{Value, json};

use super::{endpoint::endpoints, shelves};
use crate::world::World;

endpoints! {
    GET "/account" show;
    GET "/account/shelves" shelves::show;
}

async fn show(State(world): State<Arc<World>>) -> Json<Value> {
    let manifest = &world.manifest;
    let pops: Vec<&str> = manifest.pops.iter().map(|pop| pop.as_str()).collect();
    Json(json!({
        "name": manifest.name,
        "pops": pops,
        "services": manifest.services.values().map(service).collect::<Vec<_>>(),
        "chains": chains(&world),
        "stores": stores(&world),
    }))
}

fn service(service: &Service) -> Value {
    let domains: Vec<&str> = service.domains.iter().map(|domain| domain.as_str()).collect();
    let links = service.links.iter().map(|(name, link)| {
        json!({ "name": name.as_str(), "kind": link.kind.as_str(), "store": link.store.as_str() })
    });
    json!({
        "name": service.name.as_str(),
        "type": kind(&service.kind),
        "domains": domains,
        "links": links.collect::<Vec<_>>(),
        "backends": service.backends.values().map(backend).collect::<Vec<_>>(),
        "requires_chain_auth": service.require_chain_auth.is_some(),
    })
}

fn kind(kind: &ServiceKind) -> Value {
    match kind {
        ServiceKind::Compute { handler } => json!({ "compute": { "handler": handler } }),
        ServiceKind::Delivery { rules, .. } => json!({ "delivery": { "rules": rules.len() } }),
    }
}

fn backend(backend: &Backend) -> Value {
    let (key, target) = match &backend.target {
        Target::Service(name) => ("service", name.as_str().to_owned()),
        Target::Url(url) => ("url", url.authority()),
    };
    json!({
        "name": backend.name.as_str(),
        key: target,
        "signs_chain_tokens": backend.chain_auth.is_some(),
    })
}

/// Who sends to whom, from the client towards the origin.
fn chains(world: &World) -> Vec<Value> {
    let graph = ChainGraph::of(&world.manifest);
    let edges = graph.edges();
    edges.map(|(from, to)| json!({ "from": from.as_str(), "to": to.as_str() })).collect()
}

fn stores(world: &World) -> Value {
    let manifest = &world.manifest;
    json!({
        "kv_stores": manifest.kv_stores.keys().map(|name| name.as_str()).collect::<Vec<_>>(),
        "config_stores": manifest.config_stores.keys().map(|name| name.as_str()).collect::<Vec<_>>(),
        "acls": manifest.acls.iter().map(|name| name.as_str()).collect::<Vec<_>>(),
        "secret_stores": manifest.secret_stores.keys().map(|name| name.as_str()).collect::<Vec<_>>(),
    })
}
