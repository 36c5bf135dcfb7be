//! Chain tokens: who gets into a service that requires one.

mod attacks;
mod counted;
mod interop;
mod modes;
mod one_time;
mod rotation;
mod signed;
mod smuggled;

use selvedge::{
    Request,
    chain::{Nonce, Purpose, Signer},
    store::secret::Secret,
};
use selvedge_testkit::{Edge, ok};

const SECRET: &str = "the secret-seed of the test";

/// A service in front of another, which takes tokens of mode `signed`.
const MANIFEST: &str = r#"
manifest_version = 1
name = "chain"
[pops.LHR]
[config_stores.settings]
contents = { edge_auth_secret_id = "1" }
[secret_stores.keys]
items = [{ key = "1", env = "CHAIN_SECRET" }, { key = "2", data = "another secret-seed" }]

[services.front]
type = "delivery"
domains = ["front.localhost"]
links = { config = { config_store = "settings" }, secrets = { secret_store = "keys" } }
[services.front.backends.back]
service = "back"
chain_auth = { config = "config", secrets = "secrets", mode = "signed" }
[[services.front.rules]]
when = { path = "/**" }
then = { pass = true }

[services.back]
type = "delivery"
domains = ["back.localhost"]
require_chain_auth = { config = "config", secrets = "secrets", accept = ["signed"] }
links = { config = { config_store = "settings" }, secrets = { secret_store = "keys" } }
[services.back.backends.origin]
url = "http://origin.example"
"#;

async fn edge() -> Edge {
    start(MANIFEST).await
}

/// The same with what both services have if they say nothing: one-time tokens.
async fn once() -> Edge {
    start(&once_manifest()).await
}

fn once_manifest() -> String {
    MANIFEST.replace(r#", mode = "signed""#, "").replace(r#", accept = ["signed"]"#, "")
}

async fn start(manifest: &str) -> Edge {
    let edge = Edge::from_toml(manifest).env("CHAIN_SECRET", SECRET).start().await;
    edge.origin("back", "origin").on("/").reply(ok("hello").max_age(60));
    edge.origin("back", "origin").on("/other").reply(ok("other").max_age(60));
    edge
}

/// A request from outside with these tokens.
fn direct(tokens: &[&str]) -> Request {
    asked("GET", "http://back.localhost/", tokens)
}

fn asked(method: &str, url: &str, tokens: &[&str]) -> Request {
    let mut request = http::Request::builder().method(method).uri(url);
    for token in tokens {
        request = request.header("edge-auth", *token);
    }
    request.body(selvedge::Body::empty()).unwrap()
}

/// A token of mode `signed`.
fn token(id: &str, secret: &str, now_ms: u64) -> String {
    let secret = &Secret::new(secret.as_bytes().to_vec());
    let signer = Signer { secret_id: id, secret, pop: "LHR", now_ms };
    signer.signed().unwrap().to_str().unwrap().to_owned()
}

/// What a GET of `http://back.localhost/` is.
const THIS: Purpose<'static> =
    Purpose { service: "back", method: "GET", authority: "back.localhost", target: "/" };

/// A token of mode `one-time`, the one with this number.
fn once_token(number: u128, purpose: &Purpose<'_>, now_ms: u64) -> String {
    let secret = &Secret::new(SECRET.as_bytes().to_vec());
    let signer = Signer { secret_id: "1", secret, pop: "LHR", now_ms };
    let token = signer.one_time(Nonce(number.to_be_bytes()), purpose).unwrap();
    token.to_str().unwrap().to_owned()
}
