//! What a handler's file usually needs: `use selvedge::prelude::*;`

pub use axum::{
    Json, Router,
    extract::{Path, Query, State},
    response::IntoResponse,
    routing::{self, any, delete, get, patch, post, put},
};
pub use bytes::Bytes;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
// The macros by their own crate: `crate::backend` is also a module, which is not wanted here.
pub use selvedge_macros::{acl, backend, config_store, edge_handler, kv_store, secret_store};

pub use crate::{
    After, Backend, Body, BodyExt, Cache, CoreCache, Error, Place, Purge, Refusal, Request,
    RequestExt, Response, Result, SimpleCache,
    store::{
        config::ConfigStore,
        kv::{KvStore, Raw, Text},
        secret::{Secret, SecretStore},
    },
};
