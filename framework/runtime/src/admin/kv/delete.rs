//! An item deleted.

use axum::extract::State;
use http::HeaderMap;

use super::{item::missing, put::if_generation};
use crate::admin::{
    Api,
    wire::{At, Query, Reply, gone},
};

/// With `force`, an item that is not there is as good as deleted.
pub(super) async fn delete(
    State(api): State<Api>,
    At((store, key)): At<(String, String)>,
    mut query: Query,
    headers: HeaderMap,
) -> Reply {
    let (store, key) = (super::store(&api, &store)?, super::key(key)?);
    let force = query.flag("force")?;
    query.end()?;
    let generation = if_generation(&headers)?;
    let existed = api.kv().delete(&store, &key, generation, api.now_ms()).await?;
    match existed || force {
        true => gone(),
        false => Err(missing(key.as_str())),
    }
}
