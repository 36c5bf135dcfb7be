//! Typed bindings to linked stores and ACLs. "Store" always means KV, config or secret.
//!
//! A binding is a struct of yours, marked [`kv_store`](macro@crate::kv_store),
//! [`config_store`](macro@crate::config_store) or [`secret_store`](macro@crate::secret_store) with
//! the name of a link. It derefs to the handle of its kind, or, for config and secrets, has a
//! field for each item that it reads.

pub mod acl;
pub mod config;
pub mod kv;
pub mod secret;
