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

/// Spellings that some server reads as `/account` or something below it, and the standard does not.
const LENIENT: [&str; 28] = [
    // Escapes in escapes.
    "/account%252fx",
    "/account%25252fx",
    "/%2561ccount",
    "/x/..%252faccount",
    "/x/%252e%252e/account",
    "/%%32%66account",
    // Backslashes.
    "/account\\x",
    "/account%5cx",
    "/account%5Cx",
    "/account%255cx",
    "/x/..%5caccount",
    "/x\\..\\account",
    // Parameters of segments.
    "/account;x",
    "/account;x=y/z",
    "/account%3bx",
    "/x/..;/account",
    "/x/..;a=b/account/z",
    // Dots and spaces at the end of a name.
    "/account.",
    "/account./x",
    "/account%20",
    "/account%09/x",
    // An end where nobody sees one.
    "/account%00",
    "/account%00.css",
    "/account%2500.css",
    "/account%3fx.css",
    // Overlong UTF-8.
    "/account%c0%afx",
    "/account%e0%80%afx",
    "/x/%c0%ae%c0%ae/account",
];

#[tokio::test]
async fn no_reading_of_a_lenient_server_gets_around_a_rule_that_withholds() {
    for withholds in ["deny = true", "pass = true", "cache = \"off\"", "uncacheable = true"] {
        let rule = format!("when.path = \"/account/**\"\nthen.{withholds}");
        let edge = edge(&[&rule]).await;
        for path in LENIENT {
            let origin = edge.origin("site", "origin");
            let _ = origin.on(path).reply(selvedge_testkit::ok("mine").max_age(60));
            let url = format!("http://site.localhost{path}");
            let before = origin.count();
            let answers = [head(&edge, &url, &[]).await, head(&edge, &url, &[]).await];
            let denied = answers.iter().all(|answer| answer.status == 403);
            assert_eq!(denied, withholds.starts_with("deny"), "{withholds}: {path}");
            let asked = origin.count() - before;
            assert_eq!(asked, if denied { 0 } else { 2 }, "{withholds}: {path}");
        }
    }
}

/// It would be no help to give them a longer life, or another backend, than the standard says.
#[tokio::test]
async fn other_rules_read_a_path_as_the_standard_says() {
    let edge = edge(&["when.path = \"/account/**\"\nthen.synthetic = { body = \"in\" }"]).await;
    for path in LENIENT {
        let answer = head(&edge, &format!("http://site.localhost{path}"), &[]).await;
        assert_eq!(answer.status, 404, "{path}");
    }
}

#[tokio::test]
async fn what_is_another_path_is_forwarded_as_it_came() {
    let edge = edge(&["when.path = \"/account/**\"\nthen.deny = true"]).await;
    let others = [
        "/accounts",
        "/Account",
        "/account-x%252fy",
        "/x;/account;y",
        "/a.b/c.css",
        "/x%00account",
    ];
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
