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

#[tokio::test]
async fn no_endpoint_passes_over_a_parameter() {
    let node = Node::start().await;
    let made = node.json("POST /resources/stores/kv", r#"{"name":"s"}"#).await.text();
    let id = made.split('"').nth(3).unwrap().to_owned();
    for endpoint in all().filter(|endpoint| endpoint.path != "/purge/{*url}") {
        let line = endpoint.shown().replace("/kv/STORE", &format!("/kv/{id}"));
        let method = endpoint.method;
        let answer = node.form(&format!("{line}?misspelt=1"), "name=x").await;
        assert_eq!(answer.status, 400, "{line}: {}", answer.text());
        assert!(answer.text().contains("no parameter `misspelt`"), "{line}: {}", answer.text());
        if method == "GET" {
            let answer = node.plain(&format!("{line}?%ff=1")).await;
            assert_eq!(answer.status, 400, "{line}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn bodies_are_objects_of_text() {
    let node = Node::start().await;
    let refused = async |line: &str, body: &str, says: &str| {
        let answer = node.json(line, body).await;
        assert!(answer.status == 400 && answer.text().contains(says), "{line}: {answer:?}");
    };
    refused("POST /resources/stores/kv", r#"["a"]"#, "not a list").await;
    refused("POST /resources/stores/config", r#"["a"]"#, "not a list").await;
    refused("POST /service/site/purge", r#"[["a"]]"#, "not a list").await;
    let made = node.json("POST /resources/stores/secret", r#"{"name":"s"}"#).await.text();
    let id = made.split("\"id\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let line = format!("POST /resources/stores/secret/{id}/secrets");
    refused(&line, r#"["n", "aGk="]"#, "not a list").await;
    let answer = node.form("POST /resources/stores/config", "name=%ff").await;
    assert!(answer.status == 400 && answer.text().contains("not UTF-8"), "{answer:?}");
    let made = node.form("POST /resources/stores/config", "name=UPDATED+NAME!").await;
    assert_eq!(made.status, 200, "{made:?}");
}
