//! Secret stores and their secrets (platform.md section 3.2). What a secret says comes in and never goes out.

mod keys;
mod secrets;
mod stores;

pub(super) use self::keys::ClientKeys;
use super::endpoint::endpoints;

endpoints! {
    POST "/resources/stores/secret" stores::create;
    GET "/resources/stores/secret" stores::list;
    GET "/resources/stores/secret/{store}" stores::show;
    DELETE "/resources/stores/secret/{store}" stores::delete;
    GET "/resources/stores/secret/signing-key" keys::signing_key;
    POST "/resources/stores/secret/client-key" keys::client_key;
    POST "/resources/stores/secret/{store}/secrets" secrets::create;
    PUT "/resources/stores/secret/{store}/secrets" secrets::create_or_recreate;
    PATCH "/resources/stores/secret/{store}/secrets" secrets::recreate;
    GET "/resources/stores/secret/{store}/secrets" secrets::list;
    GET "/resources/stores/secret/{store}/secrets/{secret}" secrets::show;
    DELETE "/resources/stores/secret/{store}/secrets/{secret}" secrets::delete;
}

/// How many rows a page has, of stores and of secrets alike.
const LIMITS: super::wire::page::Limits = super::wire::page::Limits {
    default: selvedge_model::limits::SECRET_LIST_DEFAULT,
    most: selvedge_model::limits::SECRET_LIST_MAX,
};

/// A page's rows, and how to go on.
#[derive(serde::Serialize)]
struct Page<T> {
    data: Vec<T>,
    meta: Meta,
}

#[derive(serde::Serialize)]
struct Meta {
    limit: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}
