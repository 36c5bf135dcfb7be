//! Edge Side Includes: pages that are assembled from templates and fragments, on their way out.

mod abroad;
mod conditions;
mod failures;
mod fragments;
mod limits;
mod pages;
mod streams;
mod unfit;

use selvedge_testkit::{Answer, Edge, Method, Reply, ok, status};

const URL: &str = "http://site.localhost/page";

/// The page is a template.
const PAGES: &str = "when.path = \"/page/**\"\nthen.esi = true";

/// An edge with a service `site` that has these rules, each a table of `when` and `then`; what no
/// test scripts is a 404.
async fn edge(rules: &[&str]) -> Edge {
    let rules: String =
        rules.iter().map(|rule| format!("[[services.site.rules]]\n{rule}\n")).collect();
    let manifest = format!(
        "manifest_version = 1\nname = \"esi\"\n[pops.LHR]\n[services.site]\ntype = \"delivery\"\n\
         domains = [\"site.localhost\"]\nbackends.origin.url = \"http://origin.example\"\n{rules}\
         [services.other]\ntype = \"delivery\"\ndomains = [\"other.localhost\"]\n\
         backends.origin.url = \"http://origin.example\"\n"
    );
    let edge = Edge::from_toml(&manifest).start().await;
    for service in ["site", "other"] {
        edge.origin(service, "origin").otherwise().reply(status(404));
    }
    edge
}

/// One whose page is this template.
async fn with_page(template: &str) -> Edge {
    let edge = edge(&[PAGES]).await;
    replies(&edge, "/page", html(template));
    edge
}

fn replies(edge: &Edge, path: &str, reply: Reply) {
    let _ = edge.origin("site", "origin").on(path).reply(reply);
}

fn html(text: &str) -> Reply {
    ok(text.to_owned()).max_age(60).header("content-type", "text/html")
}

async fn asked(edge: &Edge, method: Method, url: &str, headers: &[(&str, &str)]) -> Answer {
    let ask = edge.request(method, url);
    headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value)).send().await
}

/// What reached the origin of `site`.
fn targets(edge: &Edge) -> Vec<String> {
    edge.origin("site", "origin").arrived().into_iter().map(|one| one.target).collect()
}

/// The lines of the log.
fn logs(edge: &Edge) -> Vec<String> {
    edge.logs().into_iter().map(|(_, line)| line).collect()
}
