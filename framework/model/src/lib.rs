//! The words and rules of selvedge: names, limits, keys, the manifest and the chain graph.
//!
//! Everything here is a pure function of its arguments: no files, no sockets, no clock. Macros,
//! manifest, runtime and admin API all ask this crate, so that each rule is written once.
//!
//! # Words
//!
//! One word has one meaning, in Rust names, manifest keys, headers and logs:
//!
//! - *account*: owns resources and services; one [`manifest::Manifest`] describes one account.
//! - *resource*: a KV, config or secret store, named by a [`name::StoreName`].
//! - *link*: the [`name::LinkName`] under which a service sees a resource, a [`manifest::Link`].
//! - *service*: a compute handler or a list of delivery rules, a [`manifest::Service`].
//! - *domain*: the host that selects a service, a [`name::Domain`].
//! - *backend*: a named place that a service sends to, a [`manifest::Backend`].
//! - *origin*: the customer's server at the end of a chain, never another service.
//! - *chain*: services that call each other, seen as a whole in [`chain::ChainGraph`].
//! - *hop*: a node starts to process a service; [`limits::HOPS_MAX`] bounds them.
//! - *POP*: a place where nodes stand, named by a [`name::PopName`].
//! - *rule*: one line of a delivery service, a [`manifest::Rule`].
//! - *need*: what handler code requires of the service that it runs in, a [`need::Need`].
//! - *surrogate key*: a tag by which cached objects are purged, a [`key::SurrogateKey`].
//! - *problem*: something wrong with a manifest, with its place, a [`problem::Problem`].

pub mod chain;
pub mod cookie;
pub mod id;
pub mod key;
pub mod limits;
pub mod manifest;
pub mod name;
pub mod need;
pub mod number;
pub mod pattern;
pub mod problem;
pub mod query;
pub mod suggest;
