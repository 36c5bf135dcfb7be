//! Direct access to a service that is meant to be reached through another one: open at first, then closed in three
//! strengths.

use selvedge_testkit::Edge;

use super::{account, answers};

const STORES: &str = r#"
[config_stores.settings]
contents = { edge_auth_secret_id = "1" }
[secret_stores.keys]
items = [{ key = "1", data = "some-pre-shared-secret-string" }]
"#;

/// A chain of two; what the first sends and the second asks for stands where the text says.
fn chain(signs: &str, requires: &str) -> String {
    let links = r#"links = { config = { config_store = "settings" }, secrets = { secret_store = "keys" } }"#;
    account(&format!(
        "{STORES}
[services.first]
type = \"delivery\"
domains = [\"first.localhost\"]
cache = \"off\"
{links}
[services.first.backends.second]
service = \"second\"
{signs}
[services.second]
type = \"delivery\"
domains = [\"second.localhost\"]
{links}
{requires}
backends.origin = {{ url = \"http://origin.example\" }}
"
    ))
}

async fn edge(signs: &str, requires: &str) -> Edge {
    let edge = Edge::from_toml(&chain(signs, requires)).start().await;
    answers(&edge, "second", "/");
    edge
}

#[tokio::test]
async fn by_default_nothing_stops_a_client() {
    let edge = edge("", "").await;
    assert_eq!(edge.get("http://first.localhost/").await.status.as_u16(), 200);
    assert_eq!(edge.get("http://second.localhost/").await.status.as_u16(), 200);
}

#[tokio::test]
async fn each_strength_lets_the_first_service_in_and_nobody_else() {
    for mode in ["shared", "signed", "one-time"] {
        let signs = format!(
            r#"chain_auth = {{ config = "config", secrets = "secrets", mode = "{mode}" }}"#
        );
        let requires = format!(
            r#"require_chain_auth = {{ config = "config", secrets = "secrets", accept = ["{mode}"] }}"#
        );
        let edge = edge(&signs, &requires).await;
        assert_eq!(edge.get("http://first.localhost/").await.status.as_u16(), 200, "{mode}");
        let refused = edge.get("http://second.localhost/").await;
        assert_eq!(refused.status.as_u16(), 403, "{mode}");
        assert_eq!(refused.header("error-reason"), "chain token missing", "{mode}");
    }
}

#[tokio::test]
async fn a_forgotten_signature_fails_and_is_warned_of() {
    let requires = r#"require_chain_auth = { config = "config", secrets = "secrets" }"#;
    let edge = edge("", requires).await;
    let refused = edge.get("http://first.localhost/").await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("error-reason").as_str()),
        (403, "chain token missing")
    );
    let (_, problems) = selvedge::model::manifest::Manifest::parse(&chain("", requires));
    let report = problems.render("edge.toml");
    assert!(
        report.contains("backend `second` does not sign, but `second` requires it"),
        "{report}"
    );
}

#[tokio::test]
async fn an_open_door_is_warned_of() {
    let (_, problems) = selvedge::model::manifest::Manifest::parse(&chain("", ""));
    let report = problems.render("edge.toml");
    assert!(
        report.contains("`second` can be reached directly as well as through `first`"),
        "{report}"
    );
}
