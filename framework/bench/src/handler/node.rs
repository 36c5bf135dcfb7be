//! The node of `bench-handler`: a handler that says hello, and one that reads what it says from a KV store.

use std::process::ExitCode;

use selvedge::{Binding, Service, prelude::*};

#[kv_store("pages")]
struct Pages;

/// What the other one is compared with.
async fn hello() -> &'static str {
    "hello, world\n"
}

async fn page(pages: Pages) -> Result<Response> {
    Ok(pages.get("page").await?.unwrap_or_default().into_response())
}

fn main() -> ExitCode {
    selvedge_runtime::main(vec![
        Service::new("hello", Router::new().fallback(hello), vec![]),
        Service::new("page", Router::new().fallback(page), vec![Pages::NEED]),
    ])
}
