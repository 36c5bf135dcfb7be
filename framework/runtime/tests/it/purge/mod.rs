//! Purging: what goes, what stays, what is counted, and who may do it.

mod api;
mod chained;
mod inflight;
mod keys;
mod port;
mod soft;

use selvedge_testkit::{Answer, Ask, Edge, Method, ok};

const TOKEN: &str = "an admin token";

const MANIFEST: &str = r#"
manifest_version = 1
name = "purge"
[pops.LHR]
[pops.IAD]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backends.origin = { url = "http://origin.example" }
[services.fastly]
type = "delivery"
domains = ["fastly.localhost"]
cache_profile = "fastly"
backends.origin = { url = "http://origin.example" }
[services.open]
type = "delivery"
domains = ["open.localhost"]
purge = "open"
backends.origin = { url = "http://origin.example" }
"#;

const SERVICES: [&str; 3] = ["site", "fastly", "open"];

/// Every service's origin answers `/` and `/other` for a minute, and has keys of its own for each.
async fn edge() -> Edge {
    let edge = Edge::from_toml(MANIFEST).admin_token(TOKEN).start().await;
    for service in SERVICES {
        for (path, keys) in [("/", "home all"), ("/other", "other all")] {
            let reply = ok(service).max_age(60).header("surrogate-key", keys);
            let _ = edge.origin(service, "origin").on(path).reply(reply.header("etag", "\"1\""));
        }
    }
    edge
}

/// A POST to the management API, with the token.
fn post<'e>(edge: &'e Edge, path: &str) -> Ask<'e> {
    edge.admin(Method::POST, path).header("fastly-key", TOKEN)
}

fn purge_method() -> Method {
    Method::from_bytes(b"PURGE").unwrap()
}

fn counts(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.header("selvedge-purged")
}

/// Fetches, so that it is cached.
async fn warm(edge: &Edge, urls: &[&str]) {
    for url in urls {
        assert_eq!(edge.get(url).await.status, 200, "{url}");
    }
}

/// Whether each URL is answered from the shelf as fresh.
async fn are_hits(edge: &Edge, urls: &[&str]) -> Vec<bool> {
    let mut hits = Vec::new();
    for url in urls {
        let answer = edge.get(url).await;
        hits.push(answer.hops[0].verdict == selvedge_testkit::Verdict::Hit);
    }
    hits
}
