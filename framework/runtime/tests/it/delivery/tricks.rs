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
    ] {
        let answer = head(&edge, &format!("http://site.localhost{path}"), &[]).await;
        assert_eq!(answer.status, 403, "{path}");
    }
    assert_eq!(edge.origin("site", "origin").count(), 0);
}

#[tokio::test]
async fn what_is_another_path_is_forwarded_as_it_came() {
    let edge = edge(&["when.path = \"/account/**\"\nthen.deny = true"]).await;
    let others = [
        "/account/..%2f",
        "/account/../pages",
        "/accounts",
        "/Account",
        "/account%252fx",
        "/account;x",
    ];
    for path in others {
        let answer = head(&edge, &format!("http://site.localhost{path}"), &[]).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    assert_eq!(arrived(&edge, "origin"), others.map(|path| format!("site.localhost{path}")));
}
