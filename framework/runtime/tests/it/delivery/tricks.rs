//! Paths that try to get around a rule: whatever spelling a server might read as `/account`, the rule sees it.

use super::{arrived, edge, head};

#[tokio::test]
async fn no_spelling_of_a_denied_path_gets_through() {
    let edge = edge(&["when.path = \"/account/**\"\nthen.deny = true"]).await;
    for path in [
        "/account",
        "/account/",
        "/account/..%2faccount/x",
        "//account",
        "/%61ccount",
        "/%61%63%63%6f%75%6e%74/x",
        "/x/..%2faccount",
        "/x/..%2Faccount/y",
        "/x/%2e%2e/account",
        "/x/.%2e%2faccount",
        "/./account",
        "/%2e/account",
        "/account%2fx",
        "/account%2Fx",
        "/%2faccount",
        "/account/.",
        "/account/x/..",
        "/pages/../account",
        "/account?x=/pages",
        // A server that neither decodes `%2F` nor resolves dots reads these as below `/account`.
        "/account/..%2f",
        "/account/..%2fpages/x",
        "/account/../pages",
        "/account/%2e%2e/pages",
        "/%61ccount/..%2Fpages",
    ] {
        let answer = head(&edge, &format!("http://site.localhost{path}"), &[]).await;
        assert_eq!(answer.status, 403, "{path}");
    }
    assert_eq!(edge.origin("site", "origin").count(), 0);
}

#[tokio::test]
async fn what_is_another_path_is_forwarded_as_it_came() {
    let edge = edge(&["when.path = \"/account/**\"\nthen.deny = true"]).await;
    let others = ["/accounts", "/Account", "/account%252fx", "/account;x"];
    for path in others {
        let answer = head(&edge, &format!("http://site.localhost{path}"), &[]).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    assert_eq!(arrived(&edge, "origin"), others.map(|path| format!("site.localhost{path}")));
}

#[tokio::test]
async fn a_host_with_a_final_dot_is_the_same_host() {
    let edge = edge(&["when.host = \"site.localhost\"\nthen.deny = true"]).await;
    for host in ["site.localhost", "site.localhost.", "SITE.localhost.", "site.localhost.:80"] {
        let answer = head(&edge, &format!("http://{host}/"), &[]).await;
        assert_eq!(answer.status, 403, "{host}");
    }
}

#[tokio::test]
async fn a_path_that_two_rules_read_differently_is_for_both() {
    let rules = [
        "when.path = \"/account/**\"\nthen.pass = true",
        "when.path = \"/pages/**\"\nthen.ttl = \"5m\"",
    ];
    let edge = edge(&rules).await;
    edge.origin("site", "origin").on("/account/..%2fpages/x").reply(selvedge_testkit::ok("mine"));
    for _ in 0..2 {
        let answer = edge.get("http://site.localhost/account/..%2fpages/x").await;
        assert_eq!(answer.hop("site").verdict.as_str(), "pass");
    }
}
