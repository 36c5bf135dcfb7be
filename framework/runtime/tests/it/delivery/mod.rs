//! Delivery rules: what each action does, which rule decides, and what becomes of purges and of health.

mod answers;
mod ends;
mod explain;
mod fallback;
mod health;
mod limits;
mod purge;
mod requests;
mod tricks;

use selvedge_testkit::{Answer, Edge, Method};

const TOKEN: &str = "an admin token";

/// A manifest of one service, `site`, with two backends and these rules.
fn manifest(rules: &str) -> String {
    format!(
        "manifest_version = 1\nname = \"delivery\"\n[pops.LHR]\n[services.site]\n\
         type = \"delivery\"\ndomains = [\"site.localhost\"]\nbackend = \"origin\"\n\
         backends.origin.url = \"http://origin.example\"\n\
         backends.other.url = \"http://other.example\"\n{rules}"
    )
}

/// Rules, each a table of `when` and `then`.
fn rules(all: &[&str]) -> String {
    all.iter().map(|rule| format!("[[services.site.rules]]\n{rule}\n")).collect()
}

async fn edge(all: &[&str]) -> Edge {
    Edge::from_toml(&manifest(&rules(all))).admin_token(TOKEN).start().await
}

async fn head(edge: &Edge, url: &str, headers: &[(&str, &str)]) -> Answer {
    asked(edge, Method::GET, url, headers).await
}

async fn asked(edge: &Edge, method: Method, url: &str, headers: &[(&str, &str)]) -> Answer {
    let ask = edge.request(method, url);
    headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value)).send().await
}

/// The targets that reached a backend, with the Host of each.
fn arrived(edge: &Edge, backend: &str) -> Vec<String> {
    let arrived = edge.origin("site", backend).arrived();
    let shown = arrived.iter().map(|one| {
        let host = one.headers.get("host").map_or("", |host| host.to_str().unwrap());
        format!("{host}{}", one.target)
    });
    shown.collect()
}
