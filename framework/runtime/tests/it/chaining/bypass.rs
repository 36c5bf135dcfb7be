//! Around the local route table: a send to one of our own domains goes through the network, where the account allows it.

use selvedge_model::manifest::Manifest;
use selvedge_testkit::{Edge, ok};

use super::account;

const SERVICES: &str = r#"
[account]
allow_local_bypass = ["first"]
[services.first]
type = "delivery"
domains = ["first.example"]
[services.first.backends.second]
url = "http://second.example"
override_host = "second.example"
[services.second]
type = "delivery"
domains = ["second.example"]
backends.origin = { url = "http://origin.example" }
"#;

#[tokio::test]
async fn a_send_stays_in_the_process_unless_it_is_told_to_leave() {
    let edge = Edge::from_toml(&account(SERVICES)).start().await;
    super::answers(&edge, "second", "/");
    assert_eq!(edge.get("http://first.example/").await.hops.len(), 2);

    let bypass = SERVICES.replace(
        "override_host = \"second.example\"",
        "override_host = \"second.example\"\nbypass_local_route_table = true",
    );
    let edge = Edge::from_toml(&account(&bypass)).start().await;
    // The network is scripted: what would have been resolved in public answers here.
    edge.origin("first", "second").on("/").reply(ok("from the network"));
    let answer = edge.get("http://first.example/").await;
    assert_eq!((answer.text().as_str(), answer.hops.len()), ("from the network", 1));
    let arrived = edge.origin("first", "second").arrived();
    assert_eq!(arrived[0].headers["host"], "second.example");
    let passed = arrived[0].headers["cdn-loop"].to_str().unwrap();
    assert!(passed.starts_with("selvedge;node="), "hops are counted there, too: {passed}");
}

#[test]
fn it_must_be_allowed_to_the_service() {
    let bypass = SERVICES.replace(
        "override_host = \"second.example\"",
        "override_host = \"second.example\"\nbypass_local_route_table = true",
    );
    let read = |services: &str| Manifest::parse(&account(services));
    assert!(read(&bypass).0.is_some());
    let (manifest, problems) = read(&bypass.replace("[\"first\"]", "[]"));
    let report = problems.render("edge.toml");
    assert!(manifest.is_none() && report.contains("the account does not allow it"), "{report}");
    assert!(report.contains("hint: add \"first\" to account.allow_local_bypass"), "{report}");
}
