//! What all endpoints share of the wire: times, paths, queries, bodies, pages, answers, errors.
//!
//! Nothing here knows a resource.

pub(super) mod body;
pub(super) mod failed;
pub(super) mod page;
pub(super) mod path;
pub(super) mod query;
pub(super) mod reply;
pub(super) mod shape;
pub(super) mod time;

pub(super) use self::{
    body::Fields,
    failed::Failed,
    path::At,
    query::Query,
    reply::{Reply, created, done, gone, ok},
};
