//! `GET /account/shelves`: how full the cache of each POP is. Ours; the platform tells it in another way.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::world::{Pop, World};

pub(super) async fn show(State(world): State<Arc<World>>) -> Json<Value> {
    Json(world.pops.iter().map(|pop| shelf(pop)).collect())
}

fn shelf(pop: &Pop) -> Value {
    let standing = pop.shelf.standing();
    json!({
        "pop": pop.name.as_str(),
        "used_bytes": standing.used_bytes,
        "budget_bytes": standing.budget_bytes,
        "max_object_bytes": standing.max_object_bytes,
        "objects": standing.objects,
        "evicted": standing.evicted,
    })
}
