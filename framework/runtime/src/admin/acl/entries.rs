//! Entries of ACLs: listed, changed several at once, and found by an address.

use std::net::IpAddr;

use axum::{extract::State, response::IntoResponse};
use http::StatusCode;
use selvedge_account::{AclChange, AclEntry, AclOp};
use selvedge_model::{
    limits::{ACL_LIST_DEFAULT, ACL_LIST_MAX},
    name::StoreKind,
};
use serde::{Deserialize, Serialize};

use crate::admin::{
    Api,
    wire::{
        At, Failed, Fields, Query, Reply,
        body::Object,
        gone, ok,
        page::{Limits, Wanted},
    },
};

const LIMITS: Limits = Limits { default: ACL_LIST_DEFAULT, most: ACL_LIST_MAX };

/// An entry, its fields in the platform's order.
#[derive(Serialize)]
struct Shown<'a> {
    prefix: String,
    action: &'a str,
}

#[derive(Serialize)]
struct Page<'a> {
    entries: Vec<Shown<'a>>,
    meta: Meta,
}

#[derive(Serialize)]
struct Meta {
    limit: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Batch {
    entries: Vec<Object<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    op: Op,
    prefix: String,
    action: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Op {
    Create,
    Update,
    Delete,
}

impl<'a> Shown<'a> {
    fn of(entry: &'a AclEntry) -> Self {
        Self { prefix: entry.network.to_string(), action: &entry.action }
    }
}

pub(super) async fn list(State(api): State<Api>, At(acl): At<String>, mut query: Query) -> Reply {
    let wanted = Wanted::of(&mut query, LIMITS)?;
    query.end()?;
    let account = api.account();
    let acl = account.store(StoreKind::Acl, &acl)?;
    let (entries, next_cursor) = wanted.cut(account.acl_entries(acl.id.as_str()), |(at, _)| at);
    let entries = entries.into_iter().map(|(_, entry)| Shown::of(entry)).collect();
    ok(Page { entries, meta: Meta { limit: wanted.limit, next_cursor } })
}

/// 202, with nothing to read: it has happened by then.
pub(super) async fn change(
    State(api): State<Api>,
    At(acl): At<String>,
    Fields(batch): Fields<Batch>,
) -> Reply {
    let changes = batch.entries.into_iter().map(|Object(entry)| entry.change());
    let changes = changes.collect::<Result<Vec<_>, _>>()?;
    api.live().change(|account, _| account.change_acl(&acl, &changes)).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}

/// 204 where no entry has the address.
pub(super) async fn find(
    State(api): State<Api>,
    At((acl, address)): At<(String, String)>,
) -> Reply {
    let account = api.account();
    let acl = account.store(StoreKind::Acl, &acl)?;
    let wrong = || Failed::bad_request(format!("`{address}` is no address"));
    let address: IpAddr = address.parse().map_err(|_| wrong())?;
    match account.acl_match(acl.id.as_str(), address) {
        Some(entry) => ok(Shown::of(entry)),
        None => gone(),
    }
}

impl Entry {
    fn change(self) -> Result<AclChange, Failed> {
        let Self { op, prefix, action } = self;
        let op = match (op, action) {
            (Op::Create, Some(action)) => AclOp::Create(action),
            (Op::Update, Some(action)) => AclOp::Update(action),
            (Op::Delete, _) => AclOp::Delete,
            (_, None) => {
                return Err(Failed::bad_request(format!(
                    "the change of `{prefix}` has no `action`"
                )));
            }
        };
        Ok(AclChange { prefix, op })
    }
}
