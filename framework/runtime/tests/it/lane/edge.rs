//! An edge with services that answer on the lane, and others behind them, whose shelves are warm.

use selvedge_testkit::{Edge, ok, status};

use super::code::{self, Done};

const MANIFEST: &str = r#"
manifest_version = 1
name = "lane"
[pops.LHR]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backends.origin = { url = "http://origin.example" }
[services.ruled]
type = "delivery"
domains = ["ruled.localhost"]
backends.origin = { url = "http://origin.example" }
[[services.ruled.rules]]
when.path = "/own/**"
then.response_headers.set.x-rule = "1"
[[services.ruled.rules]]
when.path = "/no"
then.deny = true
[services.outer]
type = "delivery"
domains = ["outer.localhost"]
backends.inner = { service = "site" }
[services.code]
type = "compute"
handler = "code"
domains = ["code.localhost"]
"#;

/// Services that pass to others, most of them signed.
const CHAINS: &str = r#"
[config_stores.settings]
contents = { edge_auth_secret_id = "1" }
[secret_stores.keys]
items = [{ key = "1", data = "the secret-seed of the test" }]
[services.back]
type = "delivery"
domains = ["back.localhost"]
backends.origin = { url = "http://origin.example" }
links = { config = { config_store = "settings" }, secrets = { secret_store = "keys" } }
require_chain_auth = { config = "config", secrets = "secrets" }
[services.front]
type = "delivery"
domains = ["front.localhost"]
cache = "off"
backends.back = { service = "back", chain_auth = { config = "config", secrets = "secrets" } }
links = { config = { config_store = "settings" }, secrets = { secret_store = "keys" } }
[services.unsigned]
type = "delivery"
domains = ["unsigned.localhost"]
cache = "off"
backends.back = { service = "back" }
[services.third]
type = "delivery"
domains = ["third.localhost"]
backends.front = { service = "front" }
[[services.third.rules]]
when.path = "/s*"
then.pass = true
[services.seen]
type = "delivery"
domains = ["seen.localhost"]
backends.front = { service = "front" }
[[services.seen.rules]]
then.pass = true
[[services.seen.rules]]
when.status = [410]
then.deny = true
[services.changing]
type = "delivery"
domains = ["changing.localhost"]
backends.front = { service = "front" }
[[services.changing.rules]]
then = { pass = true, origin_headers.set.x-changed = "1", request_headers.set.x-by = "a" }
[services.around]
type = "delivery"
domains = ["around.localhost"]
cache = "off"
backends.around = { service = "around" }
"#;

/// Those with an origin of their own.
pub(super) const WITH_ORIGINS: [&str; 3] = ["site", "ruled", "back"];

/// A body of which every part is another: more than a connection writes at once.
pub(super) fn long() -> String {
    (0..50_000).map(|number| format!("{number:06},")).collect()
}

pub(super) async fn edge() -> Edge {
    edge_with(&Done::default()).await
}

/// The same, with a handler that counts here.
pub(super) async fn edge_with(done: &Done) -> Edge {
    // Much of what is asked here nobody has scripted.
    let edge = Edge::from_toml(&[MANIFEST, CHAINS].concat()).service(code::service(done)).lenient();
    let edge = edge.start().await;
    for service in WITH_ORIGINS {
        let on = |path, reply| drop(edge.origin(service, "origin").on(path).reply(reply));
        on("/small", ok("0123456789").max_age(60).header("etag", "\"a\""));
        on("/own/x", ok("own").max_age(60));
        on("/keyed", ok("keyed").max_age(60).header("surrogate-key", "a").header("x-last", "1"));
        on("/by", ok("by").max_age(60).header("vary", "x-by"));
        on("/listed", ok("listed").max_age(60).header("cache-status", "other; hit"));
        on("/empty", ok("").max_age(60));
        on("/none", status(204).max_age(60));
        on("/299", status(299).max_age(60).body("own"));
        on("/gone", status(410).max_age(60).body("gone"));
        on("/16k", ok("s".repeat(16 * 1024)).max_age(60));
        on("/large", ok("l".repeat(70_000)).max_age(60));
        on("/long", ok(long()).max_age(60).header("etag", "\"l\""));
        on("/private", ok("private").header("cache-control", "no-store"));
    }
    for path in ["/small", "/keyed", "/listed", "/16k", "/large", "/long"] {
        edge.get(&format!("http://site.localhost{path}")).await;
        edge.get(&format!("http://front.localhost{path}")).await;
    }
    edge
}
