//! The doors of selvedge's attribute macros; their pages are in the `selvedge` crate.
//!
//! Each macro works in three passes: *parse* keeps the spans, *check* collects every problem,
//! *expand* cannot fail. The item is given back whatever is wrong with it.

mod args;
mod backend;
mod binding;
mod chain;
mod diag;
mod edge_handler;
mod keep;
mod manifest;
mod names;
mod root;
mod store;
mod written;

use proc_macro::TokenStream;
use selvedge_model::name::StoreKind;

use crate::manifest::EdgeToml;

/// Makes a function (or, with `router`, the `Router` that it returns) a service.
#[proc_macro_attribute]
pub fn edge_handler(args: TokenStream, item: TokenStream) -> TokenStream {
    edge_handler::attribute(args.into(), item.into(), &edge_toml()).into()
}

/// Binds a unit struct to the KV store linked under a name.
#[proc_macro_attribute]
pub fn kv_store(args: TokenStream, item: TokenStream) -> TokenStream {
    store::attribute(StoreKind::Kv, args.into(), item.into(), &edge_toml()).into()
}

/// Binds a struct to the config store linked under a name.
#[proc_macro_attribute]
pub fn config_store(args: TokenStream, item: TokenStream) -> TokenStream {
    store::attribute(StoreKind::Config, args.into(), item.into(), &edge_toml()).into()
}

/// Binds a struct to the secret store linked under a name.
#[proc_macro_attribute]
pub fn secret_store(args: TokenStream, item: TokenStream) -> TokenStream {
    store::attribute(StoreKind::Secret, args.into(), item.into(), &edge_toml()).into()
}

/// Binds a unit struct to the ACL linked under a name.
#[proc_macro_attribute]
pub fn acl(args: TokenStream, item: TokenStream) -> TokenStream {
    store::attribute(StoreKind::Acl, args.into(), item.into(), &edge_toml()).into()
}

/// Binds a unit struct to the backend of a name.
#[proc_macro_attribute]
pub fn backend(args: TokenStream, item: TokenStream) -> TokenStream {
    backend::attribute(args.into(), item.into(), &edge_toml()).into()
}

/// The manifest in force where the macro was called.
fn edge_toml() -> EdgeToml {
    EdgeToml::nearest(proc_macro::Span::call_site().local_file().as_deref())
}

#[cfg(test)]
mod tests;
