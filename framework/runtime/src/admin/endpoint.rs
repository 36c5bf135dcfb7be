//! The endpoints as a table, from which the router is made, wrong calls are answered and the documents are checked.

use axum::{
    Router,
    extract::{MatchedPath, Request},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::any,
};
use http::{Method, Uri};

use super::{
    Api, account, acl, config, kv, links, purge, secret, services,
    wire::{Failed, failed::Kind},
};

/// One endpoint: a method, and a path with its variable parts in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The method in capitals.
    pub method: &'static str,
    /// The path, as the router reads it: `{name}` is one segment, `{*name}` the rest.
    pub path: &'static str,
}

/// All endpoints, in the order in which they are documented.
pub const ENDPOINTS: &[&[Endpoint]] = &[
    account::TABLE,
    links::TABLE,
    services::TABLE,
    kv::TABLE,
    config::TABLE,
    secret::TABLE,
    acl::TABLE,
    purge::TABLE,
];

/// The endpoints that take parameters, and check them themselves. The query of a purged URL belongs to that.
const WITH_PARAMETERS: &[(&str, &str)] = &[
    ("GET", "/service/search"),
    ("POST", "/resources/stores/kv"),
    ("GET", "/resources/stores/kv"),
    ("GET", "/resources/stores/kv/{store}/keys"),
    ("PUT", "/resources/stores/kv/{store}/keys/{*key}"),
    ("DELETE", "/resources/stores/kv/{store}/keys/{*key}"),
    ("GET", "/resources/stores/config"),
    ("GET", "/resources/stores/secret"),
    ("GET", "/resources/stores/secret/{store}/secrets"),
    ("GET", "/resources/acls/{acl}/entries"),
    ("POST", "/purge/{*url}"),
];

/// Refuses parameters where there are none: a misspelt condition must not be ignored.
pub(super) async fn known_parameters(path: MatchedPath, request: Request, next: Next) -> Response {
    let method = match request.method() {
        &Method::HEAD => "GET",
        method => method.as_str(),
    };
    let has_none = !WITH_PARAMETERS.contains(&(method, path.as_str()));
    match request.uri().query() {
        Some(query) if has_none && !query.is_empty() => {
            let first = query.split(['=', '&']).next().unwrap_or_default();
            let detail = format!("there is no parameter `{first}`; there are none here");
            Failed::bad_request(detail).into_response()
        }
        _ => next.run(request).await,
    }
}

/// Rows of `METHOD "path" handler;` as the constant `TABLE` and the function `routes`.
macro_rules! endpoints {
    ($($method:ident $path:literal $handler:expr;)+) => {
        pub(in crate::admin) const TABLE: &[$crate::admin::Endpoint] = &[$(
            $crate::admin::Endpoint { method: stringify!($method), path: $path },
        )+];

        pub(in crate::admin) fn routes() -> axum::Router<$crate::admin::Api> {
            axum::Router::new()$(.route($path, $crate::admin::endpoint::by!($method)($handler)))+
        }
    };
}
pub(super) use endpoints;

macro_rules! by {
    (GET) => {
        axum::routing::get
    };
    (POST) => {
        axum::routing::post
    };
    (PUT) => {
        axum::routing::put
    };
    (PATCH) => {
        axum::routing::patch
    };
    (DELETE) => {
        axum::routing::delete
    };
}
pub(super) use by;

/// Every endpoint but the purges, whose calls have a check and a count of their own.
pub(super) fn routes() -> Router<Api> {
    let rooms = [
        account::routes,
        links::routes,
        services::routes,
        kv::routes,
        config::routes,
        secret::routes,
        acl::routes,
    ];
    let keyless = Router::new().route("/resources/stores/kv/{store}/keys/", any(kv::no_key));
    rooms.into_iter().fold(keyless, |all, routes| all.merge(routes()))
}

impl Endpoint {
    /// `PUT /service/SERVICE/purge/KEY`.
    #[must_use]
    pub fn shown(&self) -> String {
        let segment = |segment: &str| match variable(segment) {
            Some(name) => name.to_ascii_uppercase(),
            None => segment.to_owned(),
        };
        let path: Vec<String> = self.path.split('/').map(segment).collect();
        format!("{} {}", self.method, path.join("/"))
    }

    /// How many of a path's first segments are also this one's.
    fn shares(&self, path: &str) -> usize {
        let pairs = self.path.split('/').zip(path.split('/'));
        pairs.take_while(|(own, given)| own == given || variable(own).is_some()).count()
    }
}

fn variable(segment: &str) -> Option<&str> {
    let name = segment.strip_prefix('{')?.strip_suffix('}')?;
    Some(name.strip_prefix('*').unwrap_or(name))
}

fn all() -> impl Iterator<Item = &'static Endpoint> {
    ENDPOINTS.iter().copied().flatten()
}

/// Says what there is near by.
pub(super) async fn no_such(uri: Uri) -> Failed {
    let shared = all().map(|endpoint| endpoint.shares(uri.path())).max().unwrap_or_default();
    let near = all().filter(|endpoint| endpoint.shares(uri.path()) == shared);
    Failed::not_found(format!("there is no such endpoint; there are {}", list(near)))
}

/// Says which methods the path takes.
pub(super) async fn wrong_method(method: Method, path: MatchedPath) -> Failed {
    let own = all().filter(|endpoint| endpoint.path == path.as_str());
    let detail = format!("the endpoint does not take `{method}`; there are {}", list(own));
    Failed::new(Kind::MethodNotAllowed, detail)
}

fn list<'a>(endpoints: impl Iterator<Item = &'a Endpoint>) -> String {
    let shown: Vec<String> = endpoints.map(|one| format!("`{}`", one.shown())).collect();
    shown.join(", ")
}
