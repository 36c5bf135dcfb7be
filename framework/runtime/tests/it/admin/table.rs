//! The endpoints as a table: the router answers each of them, and the documents name all of them and no other.

use selvedge_runtime::admin::{ENDPOINTS, Endpoint};

use super::Node;

fn all() -> impl Iterator<Item = &'static Endpoint> {
    ENDPOINTS.iter().copied().flatten()
}

#[tokio::test]
async fn every_endpoint_needs_the_token_and_is_there() {
    let node = Node::start().await;
    for endpoint in all() {
        let line = endpoint.shown();
        let refused = node.call(&line, &[("Fastly-Key", "none")], b"").await;
        assert_eq!(refused.status, 401, "{line}");
        let answer = node.plain(&line).await;
        assert!(!answer.text().contains("no such endpoint"), "{line}: {}", answer.text());
        assert!(!matches!(answer.status, 401 | 405 | 500..), "{line}: {}", answer.status);
    }
}

#[test]
fn the_documents_name_every_endpoint_and_no_other() {
    let page = include_str!("../../../../../docs/api.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    let named: Vec<String> = rows.map(|(named, _)| named.to_owned()).collect();
    let there: Vec<String> = all().map(Endpoint::shown).collect();
    assert_eq!(named, there);
}
