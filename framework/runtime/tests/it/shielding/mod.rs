//! Shields: one POP alone sends to a backend, and the others go through it (platform.md section 10.2).

mod chained;
mod code;
mod failing;
mod hops;
mod life;
mod purging;
mod rules;

use http::Method;
use selvedge_testkit::{Answer, Edge};

/// An account with three POPs and these services.
fn account(services: &str) -> String {
    format!(
        "manifest_version = 1\nname = \"shielding\"\n[pops.LHR]\n[pops.IAD]\n[pops.FRA]\n{services}"
    )
}

/// A delivery service whose origin is behind a shield in IAD, with these lines.
fn site(lines: &str) -> String {
    account(&format!(
        "[services.site]\ntype = \"delivery\"\ndomains = [\"site.localhost\"]\n\
         backends.origin = {{ url = \"http://site.example\", shield = \"IAD\" }}\n{lines}\n"
    ))
}

async fn get_at(edge: &Edge, pop: &str, url: &str) -> Answer {
    edge.request(Method::GET, url).at(pop).send().await
}

async fn page_at(edge: &Edge, pop: &str) -> Answer {
    get_at(edge, pop, "http://site.localhost/page").await
}

/// POP, service and verdict of each hop, origin side first.
fn way(answer: &Answer) -> Vec<String> {
    let hops = answer.hops.iter();
    hops.map(|hop| format!("{}@{} {}", hop.service, hop.pop, hop.verdict.as_str())).collect()
}
