//! Write edge services in Rust: a handler function, typed bindings to what is linked to it, and a
//! chain of services behind it that you can see.
//!
//! # A service
//!
//! A *handler* is an axum handler marked [`macro@edge_handler`]: extractors in, a response out.
//!
//! ```
//! use selvedge::prelude::*;
//!
//! #[edge_handler]
//! pub async fn hello(place: Place, request: Request) -> String {
//!     format!("{} asked for from {}", request.uri(), place.pop)
//! }
//! ```
//!
//! `selvedge::main!(shop::hello);` in `main.rs` makes a program that runs it; the manifest says
//! which domain leads to it.
//!
//! # A store
//!
//! It reaches the platform through *bindings* ([`macro@kv_store`], [`macro@config_store`],
//! [`macro@secret_store`], [`macro@backend`]), which arrive as arguments like every other
//! extractor. A binding names a link; which store the link leads to is the manifest's.
//!
//! ```
//! use selvedge::prelude::*;
//!
//! #[kv_store("users", value = Text)]
//! pub struct Users;
//!
//! #[edge_handler(path = "/users/{id}")]
//! pub async fn remember(users: Users, Path(id): Path<String>, name: String) -> Result<Response> {
//!     let generation = users.put(&id, &name).await?;
//!     Ok(generation.to_string().into_response())
//! }
//! ```
//!
//! # A chain
//!
//! A backend may be another service in the same process. Each has its own cache; here the first
//! one passes, and the second one caches. The token that `chain_auth` adds tells the second service
//! that the request comes from the first.
//!
//! ```
//! use selvedge::prelude::*;
//!
//! #[backend("catalog", chain_auth(config = "config", secrets = "secrets"))]
//! pub struct Catalog;
//!
//! #[edge_handler]
//! pub async fn storefront(catalog: Catalog, request: Request) -> Result<Response> {
//!     catalog.send(request.cache(Cache::Pass)).await
//! }
//!
//! #[edge_handler(chain_auth(config = "config", secrets = "secrets"))]
//! pub async fn catalog() -> &'static str {
//!     "only a service with the secret gets this"
//! }
//! ```
//!
//! # The cache
//!
//! A request says how the cache treats it, and what happens to its response before it is stored:
//! see [`cache`]. [`Purge`] takes away what carries a surrogate key, and [`After`] runs what need not
//! hold up the response.
//!
//! ```
//! # use std::time::Duration;
//! use selvedge::prelude::*;
//!
//! #[backend("origin")]
//! pub struct Origin;
//!
//! #[edge_handler]
//! pub async fn catalog(origin: Origin, request: Request) -> Result<Response> {
//!     let choice = Cache::ttl(Duration::from_secs(60)).surrogate_key("catalog");
//!     origin.send(request.cache(choice)).await
//! }
//! ```
//!
//! # More
//!
//! [`guide`] says what a handler may take and what is checked when; [`coming_from`] maps the words of
//! other platforms to ours; [`fastly_compute`] runs the same handlers there. Tests run the real runtime in memory: see
//! `selvedge-testkit`.
//!
//! # What is absent on purpose
//!
//! Nothing is ambient: a request carries the [`Host`] it runs on, so two edges can live in one
//! process and a test can be one of them. There is no registry of handlers, no clock and no socket.

pub mod after;
pub mod backend;
mod broken;
pub mod cache;
pub mod chain;
pub mod ctx;
pub mod error;
pub mod host;
pub mod http;
pub mod log;
pub mod page;
pub mod place;
pub mod plain;
pub mod prelude;
pub mod purge;
pub mod refusal;
pub mod service;
pub mod store;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;

mod main_macro;

#[doc = include_str!("../../../docs/handlers.md")]
pub mod guide {}

#[doc = include_str!("../../../docs/coming-from.md")]
pub mod coming_from {}

#[doc = include_str!("../../../docs/fastly-compute.md")]
pub mod fastly_compute {}

pub use crate::{
    after::After,
    backend::Backend,
    cache::{Cache, core::CoreCache, simple::SimpleCache},
    ctx::{Binding, Ctx},
    error::{Error, Result},
    host::Host,
    http::{Body, BodyExt, Request, RequestExt, Response},
    log::Log,
    place::Place,
    plain::wait,
    purge::Purge,
    refusal::{Fault, Refusal},
    service::Service,
};
#[doc = include_str!("../docs/acl.md")]
pub use selvedge_macros::acl;
#[doc = include_str!("../docs/backend.md")]
pub use selvedge_macros::backend;
#[doc = include_str!("../docs/config_store.md")]
pub use selvedge_macros::config_store;
#[doc = include_str!("../docs/edge_handler.md")]
pub use selvedge_macros::edge_handler;
#[doc = include_str!("../docs/kv_store.md")]
pub use selvedge_macros::kv_store;
#[doc = include_str!("../docs/secret_store.md")]
pub use selvedge_macros::secret_store;
/// The words and rules shared with the manifest: names, limits, needs.
pub use selvedge_model as model;

/// The README's service compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
