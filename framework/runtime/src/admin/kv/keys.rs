//! The keys of a store, page by page.

use axum::extract::State;
use selvedge::store::kv::{KvQuery, ListMode};
use selvedge_model::limits::KV_LIST_MAX;
use serde::Serialize;

use crate::admin::{
    Api,
    wire::{
        At, Failed, Query, Reply, ok,
        page::{self, Limits},
    },
};

/// The documents have 100, the server 1000 (platform.md section 16, row 4).
const LIMITS: Limits = Limits { default: KV_LIST_MAX, most: KV_LIST_MAX };

#[derive(Serialize)]
struct Page {
    data: Vec<String>,
    meta: Meta,
}

/// What was asked for, as far as it is not what anybody gets.
#[derive(Serialize)]
struct Meta {
    limit: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    prefix: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    consistency: Option<&'static str>,
}

pub(super) async fn list(State(api): State<Api>, At(store): At<String>, query: Query) -> Reply {
    let store = super::store(&api, &store)?;
    let page = api.kv().list(&store, wanted(query)?, api.now_ms()).await?;
    let consistency = match page.mode {
        ListMode::Strong => None,
        ListMode::Eventual => Some("eventual"),
    };
    let (limit, next_cursor, prefix) = (page.limit, page.next_cursor, page.prefix);
    ok(Page { data: page.keys, meta: Meta { limit, next_cursor, prefix, consistency } })
}

fn wanted(mut query: Query) -> Result<KvQuery, Failed> {
    let wanted = KvQuery {
        cursor: query.text("cursor")?,
        limit: Some(page::limit(&mut query, LIMITS)?),
        prefix: query.text("prefix")?.unwrap_or_default(),
        mode: mode(query.text("consistency")?.as_deref())?,
    };
    query.end()?;
    Ok(wanted)
}

fn mode(consistency: Option<&str>) -> Result<ListMode, Failed> {
    match consistency {
        None | Some("strong") => Ok(ListMode::Strong),
        Some("eventual") => Ok(ListMode::Eventual),
        Some(other) => Err(Failed::bad_request(format!(
            "`consistency` is `strong` or `eventual`, not `{other}`"
        ))),
    }
}
