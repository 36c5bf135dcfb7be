//! What handlers say to the cache, and what they leave for later, through the real pipeline.

mod after;
mod candidate;
mod hooks;
mod overrides;
mod purge;

use selvedge::{Binding, Service, prelude::*};
use selvedge_testkit::{Answer, Edge, Method, Origin as Scripted};

const URL: &str = "http://site.localhost/";

const MANIFEST: &str = r#"
manifest_version = 1
name = "programmed"
[pops.LHR]
[services.site]
type = "compute"
handler = "site"
domains = ["site.localhost"]
backends.origin = { url = "http://origin.example" }
"#;

#[backend("origin")]
struct Origin;

/// A service that changes each request and sends it on.
fn sending(change: impl Fn(Request) -> Request + Clone + Send + Sync + 'static) -> Service {
    let answer = move |origin: Origin, request: Request| {
        let request = change(request);
        async move { origin.send(request).await }
    };
    Service::new("site", Router::new().fallback(answer), vec![Origin::NEED])
}

async fn edge(service: Service) -> Edge {
    Edge::from_toml(MANIFEST).service(service).start().await
}

async fn fastly(service: Service) -> Edge {
    let profile = "handler = \"site\"\ncache_profile = \"fastly\"";
    let manifest = MANIFEST.replace("handler = \"site\"", profile);
    Edge::from_toml(&manifest).service(service).start().await
}

fn origin(edge: &Edge) -> Scripted {
    edge.origin("site", "origin")
}

async fn ask(edge: &Edge) -> Answer {
    edge.get(URL).await
}

/// The answer with the surrogate headers that clients are not shown.
async fn inside(edge: &Edge, header: &str) -> String {
    let debugged = edge.request(Method::GET, URL).header("fastly-debug", "1");
    debugged.header("fastly-key", "t").send().await.header(header)
}
