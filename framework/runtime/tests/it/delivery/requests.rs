//! What rules make of a request before it is sent: its backend, its path, its Host, its headers.

use selvedge_testkit::{Method, Verdict, ok};

use super::{TOKEN, arrived, edge, head};

#[tokio::test]
async fn the_first_rule_that_names_a_backend_chooses_it() {
    let edge = edge(&[
        "when.path = \"/other/but\"\nthen.backend = \"origin\"",
        "when.path = \"/other/**\"\nthen.ttl = \"1s\"",
        "when.path = \"/other/**\"\nthen.backend = \"other\"",
    ])
    .await;
    for path in ["/", "/other", "/other/x", "/other/but"] {
        head(&edge, &format!("http://site.localhost{path}"), &[]).await;
    }
    assert_eq!(arrived(&edge, "origin"), ["site.localhost/", "site.localhost/other/but"]);
    assert_eq!(arrived(&edge, "other"), ["site.localhost/other", "site.localhost/other/x"]);
}

#[tokio::test]
async fn paths_are_rewritten_the_query_stays_and_others_are_forwarded_as_received() {
    let edge = edge(&[
        "when.path = \"/shop/**\"\nthen.rewrite_path = { strip = \"/shop\", add = \"/v2\" }",
        "when.path = \"/one\"\nthen.rewrite_path = \"/two\"",
        // It sees the request as it came in, so that nothing is rewritten twice.
        "when.path = \"/two\"\nthen.rewrite_path = \"/three\"",
    ])
    .await;
    for (path, sent) in [
        ("/shop/cart?a=1", "/v2/cart?a=1"),
        ("/shop", "/v2"),
        ("/shop/a%2Fb/", "/v2/a%2Fb/"),
        ("/%73hop/x", "/v2/x"),
        ("/x/..%2fshop/y", "/v2/y"),
        ("/one?q", "/two?q"),
        ("/two", "/three"),
        ("//a/../%7e?b=%20", "//a/../%7e?b=%20"),
    ] {
        head(&edge, &format!("http://site.localhost{path}"), &[]).await;
        let last = arrived(&edge, "origin").pop().unwrap();
        assert_eq!(last, format!("site.localhost{sent}"), "{path}");
    }
}

#[tokio::test]
async fn a_rewritten_request_is_what_the_cache_knows() {
    let edge = edge(&[
        "when.path = \"/old/**\"\nthen.rewrite_path = { strip = \"/old\" }",
        "when.query = { tenant = \"b\" }\nthen.rewrite_host = \"b.example\"",
    ])
    .await;
    let _ = edge.origin("site", "origin").on("/x").reply(ok("x").max_age(60));
    let verdict = async |url: &str| head(&edge, url, &[]).await.hop("site").verdict;
    assert!(matches!(verdict("http://site.localhost/old/x").await, Verdict::Miss(_)));
    assert_eq!(verdict("http://site.localhost/x").await, Verdict::Hit);
    assert_eq!(verdict("http://site.localhost/old/x").await, Verdict::Hit);
    assert!(matches!(verdict("http://site.localhost/x?tenant=b").await, Verdict::Miss(_)));
    assert!(matches!(verdict("http://site.localhost/x?tenant=c").await, Verdict::Miss(_)));
    assert_eq!(arrived(&edge, "origin")[1], "b.example/x?tenant=b");
}

#[tokio::test]
async fn who_was_asked_and_by_whom_stays_true_when_the_host_is_another() {
    let edge = edge(&["then.rewrite_host = \"inner.example:8080\""]).await;
    head(&edge, "http://site.localhost/", &[("x-forwarded-host", "forged")]).await;
    let arrived = edge.origin("site", "origin").arrived();
    assert_eq!(arrived[0].headers["host"], "inner.example:8080");
    assert_eq!(arrived[0].headers["x-forwarded-host"], "site.localhost");
    assert_eq!(arrived[0].headers["via"], "1.1 selvedge");
}

#[tokio::test]
async fn headers_are_removed_set_and_appended_by_all_rules_in_order() {
    let edge = edge(&[
        "then.request_headers = { remove = [\"x-gone\"], set = { x-set = \"1\", x-gone = \"back\" }, append = { x-list = \"a\" } }",
        "when.path = \"/not/this\"\nthen.request_headers = { set = { x-set = \"no\" } }",
        "then.request_headers = { set = { x-set = \"2\" }, append = { x-list = \"b\" } }",
        // What an earlier rule has set is not seen.
        "when.header = { x-set = \"1\" }\nthen.request_headers = { set = { x-seen = \"yes\" } }",
    ])
    .await;
    let sent = [("x-gone", "x"), ("x-set", "0"), ("x-list", "client")];
    head(&edge, "http://site.localhost/", &sent).await;
    let headers = &edge.origin("site", "origin").arrived()[0].headers;
    assert_eq!(
        (&headers["x-gone"], &headers["x-set"]),
        (&"back".parse().unwrap(), &"2".parse().unwrap())
    );
    let list: Vec<_> = headers.get_all("x-list").iter().collect();
    assert_eq!(list, ["client", "a", "b"]);
    assert!(!headers.contains_key("x-seen"));
}

#[tokio::test]
async fn variants_and_keys_are_by_the_changed_headers() {
    let edge = edge(&[
        "when.header = { user-agent = \"*Mobile*\" }\nthen.request_headers.set.x-device = \"mobile\"",
        "when.path = \"/keyed\"\nthen.key = { add_headers = [\"x-device\"] }",
    ])
    .await;
    let _ =
        edge.origin("site", "origin").on("/").reply(ok("x").max_age(60).header("vary", "x-device"));
    let _ = edge.origin("site", "origin").on("/keyed").reply(ok("x").max_age(60));
    for path in ["/", "/keyed"] {
        let url = format!("http://site.localhost{path}");
        let verdict = async |agent: &str| {
            head(&edge, &url, &[("user-agent", agent)]).await.hop("site").verdict
        };
        assert!(matches!(verdict("A Mobile").await, Verdict::Miss(_)));
        assert_eq!(verdict("Another Mobile").await, Verdict::Hit, "{path}");
        assert!(matches!(verdict("A desktop").await, Verdict::Miss(_)), "{path}");
        assert_eq!(verdict("Another desktop").await, Verdict::Hit, "{path}");
    }
}

#[tokio::test]
async fn a_header_that_we_vouch_for_can_be_a_rules_own() {
    let edge = edge(&["then.request_headers = { set = { x-forwarded-proto = \"https\" } }"]).await;
    head(&edge, "http://site.localhost/", &[]).await;
    let arrived = edge.origin("site", "origin").arrived();
    assert_eq!(arrived[0].headers["x-forwarded-proto"], "https");
}

/// Two slashes at the beginning would make a host of a path's first segment, for whoever takes it for a reference.
#[tokio::test]
async fn a_path_that_is_cut_stays_a_path() {
    let edge = edge(&["when.path = \"/cut/**\"\nthen.rewrite_path = { strip = \"/cut\" }"]).await;
    for path in ["/cut//evil.example/x", "/cut///evil.example/x", "/cut//"] {
        head(&edge, &format!("http://site.localhost{path}"), &[]).await;
    }
    let expected = ["/evil.example/x", "/evil.example/x", "/"];
    assert_eq!(arrived(&edge, "origin"), expected.map(|path| format!("site.localhost{path}")));
}

#[tokio::test]
async fn a_rule_goes_on_counting_when_its_service_was_gone_for_a_while() {
    let edge = edge(&["then.pass = true"]).await;
    for _ in 0..3 {
        head(&edge, "http://site.localhost/", &[]).await;
    }
    let call = |method: Method, path: &'static str| {
        edge.admin(method, path).header("fastly-key", TOKEN).send()
    };
    for way in ["deactivate", "activate"] {
        let path = if way == "activate" {
            "/service/site/version/1/activate"
        } else {
            "/service/site/version/1/deactivate"
        };
        assert_eq!(call(Method::PUT, path).await.status, 200, "{way}");
    }
    head(&edge, "http://site.localhost/", &[]).await;
    let hits = call(Method::GET, "/service/site/rules").await.text();
    assert!(hits.contains(r#""hits":4}"#), "{hits}");
}
