//! Direct access to a service that is meant to be reached through another one: open at first, then closed in three
//! strengths.

use std::time::Duration;

use selvedge_testkit::{Edge, Method, ok};

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
backend = \"second\"
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

/// Whoever reads the token of a request that went to the wrong host sends it along, so many seconds later.
async fn leaked(mode: &str, seconds: u64) -> (u16, String) {
    let auth = |key: &str, rest: &str| {
        format!(r#"{key} = {{ config = "config", secrets = "secrets", {rest} }}"#)
    };
    let signs = auth("chain_auth", &format!("mode = \"{mode}\""));
    let wrong = format!(
        "{signs}\n[services.first.backends.wrong]\nurl = \"http://wrong.example\"\n{signs}\n\
         [[services.first.rules]]\nwhen.path = \"/wrong\"\nthen.backend = \"wrong\"\n"
    );
    let requires = auth("require_chain_auth", &format!("accept = [\"{mode}\"]"));
    let edge = edge(&wrong, &requires).await;
    edge.origin("first", "wrong").on("/wrong").reply(ok("read"));
    edge.get("http://first.localhost/wrong").await;
    let token = edge.origin("first", "wrong").arrived()[0].headers["edge-auth"].clone();
    edge.advance(Duration::from_secs(seconds)).await;
    let ask = edge.request(Method::GET, "http://second.localhost/");
    let answer = ask.header("edge-auth", token.to_str().unwrap()).send().await;
    let reason = answer.headers.get("error-reason");
    let reason = reason.and_then(|reason| reason.to_str().ok()).unwrap_or_default();
    (answer.status.as_u16(), reason.to_owned())
}

#[tokio::test]
async fn a_constant_secret_that_leaked_masquerades_for_ever_and_a_signature_for_two_seconds() {
    assert_eq!(leaked("shared", 0).await.0, 200);
    assert_eq!(leaked("shared", 86_400).await.0, 200);
    assert_eq!(leaked("signed", 1).await.0, 200);
    assert_eq!(leaked("signed", 2).await, (403, "chain token expired".to_owned()));
}
