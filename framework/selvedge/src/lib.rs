//! Write edge services in Rust: a handler function, typed bindings to what is linked to it, and a
//! chain of services behind it that you can see.
//!
//! A *handler* is an axum handler marked [`macro@edge_handler`]. It reaches the platform through
//! *bindings* ([`macro@kv_store`], [`macro@config_store`], [`macro@secret_store`],
//! [`macro@backend`]), which arrive as arguments like every other extractor. Nothing is ambient: a request carries the [`Host`] it
//! runs on, so two edges can live in one process and a test can be one of them.
//!
//! Read [`handler`](Service) first, then [`store`], [`Backend`] and [`chain`].

pub mod backend;
pub mod cache;
pub mod chain;
pub mod ctx;
pub mod error;
pub mod host;
pub mod http;
pub mod place;
pub mod prelude;
pub mod refusal;
pub mod service;
pub mod store;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;

mod main_macro;

pub use crate::{
    backend::Backend,
    cache::Cache,
    ctx::{Binding, Ctx},
    error::{Error, Result},
    host::Host,
    http::{Body, Request, RequestExt, Response},
    place::Place,
    refusal::{Fault, Refusal},
    service::Service,
};
pub use selvedge_macros::{backend, config_store, edge_handler, kv_store, secret_store};
/// The words and rules shared with the manifest: names, limits, needs.
pub use selvedge_model as model;
