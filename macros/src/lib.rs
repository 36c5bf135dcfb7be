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
mod names;
mod store;

use proc_macro::TokenStream;
use selvedge_model::name::StoreKind;

/// Makes an `async fn` (or, with `router`, a function that returns a `Router`) a service.
#[proc_macro_attribute]
pub fn edge_handler(args: TokenStream, item: TokenStream) -> TokenStream {
    edge_handler::attribute(args.into(), item.into()).into()
}

/// Binds a unit struct to the KV store linked under a name.
#[proc_macro_attribute]
pub fn kv_store(args: TokenStream, item: TokenStream) -> TokenStream {
    store::attribute(StoreKind::Kv, args.into(), item.into()).into()
}

/// Binds a struct to the config store linked under a name.
#[proc_macro_attribute]
pub fn config_store(args: TokenStream, item: TokenStream) -> TokenStream {
    store::attribute(StoreKind::Config, args.into(), item.into()).into()
}

/// Binds a struct to the secret store linked under a name.
#[proc_macro_attribute]
pub fn secret_store(args: TokenStream, item: TokenStream) -> TokenStream {
    store::attribute(StoreKind::Secret, args.into(), item.into()).into()
}

/// Binds a unit struct to the backend of a name.
#[proc_macro_attribute]
pub fn backend(args: TokenStream, item: TokenStream) -> TokenStream {
    backend::attribute(args.into(), item.into()).into()
}
