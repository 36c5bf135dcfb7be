//! Purging by URL where rules rewrite: a client's URL is purged under every name that it may have in the cache.

use selvedge_testkit::{Method, Verdict, ok};

use super::{asked, edge, head};

const KEY: (&str, &str) = ("fastly-key", super::TOKEN);

#[tokio::test]
async fn a_url_is_purged_under_every_name_that_rules_give_it() {
    let edge = edge(&[
        "when.path = \"/old/**\"\nthen.rewrite_path = { strip = \"/old\" }",
        "when.header = { x-beta = true }\nthen = { rewrite_host = \"beta.example\", key = { add_headers = [\"x-beta\"] } }",
        "when.client = [\"127.0.0.0/8\"]\nthen.key = { ignore_query = true }",
    ])
    .await;
    let _ = edge.origin("site", "origin").on("/x").reply(ok("x").max_age(60));
    let verdict = async |headers: &[(&str, &str)]| {
        head(&edge, "http://site.localhost/old/x?a=1", headers).await.hop("site").verdict
    };
    let purge = Method::from_bytes(b"PURGE").unwrap();
    for by_method in [true, false] {
        for headers in [&[][..], &[("x-beta", "1")], &[("x-beta", "2")]] {
            assert!(matches!(verdict(headers).await, Verdict::Miss(_)), "{headers:?}");
            assert_eq!(verdict(headers).await, Verdict::Hit, "{headers:?}");
        }
        let purged = match by_method {
            true => asked(&edge, purge.clone(), "http://site.localhost/old/x?a=1", &[KEY]).await,
            false => {
                let ask = edge.admin(Method::POST, "/purge/site.localhost/old/x?a=1");
                ask.header(KEY.0, KEY.1).send().await
            }
        };
        assert_eq!(purged.header("selvedge-purged"), "LHR=3");
    }
}

#[tokio::test]
async fn a_write_takes_away_what_reads_are_known_by() {
    let edge = edge(&[
        "when = { path = \"/doc\", method = [\"GET\", \"HEAD\"] }\nthen.rewrite_path = \"/docs/latest\"",
    ])
    .await;
    let origin = edge.origin("site", "origin");
    let _ = origin.on("/docs/latest").reply(ok("x").max_age(60));
    let _ = origin.on("/doc").reply(ok("written"));
    let verdict = async || head(&edge, "http://site.localhost/doc", &[]).await.hop("site").verdict;
    assert!(matches!(verdict().await, Verdict::Miss(_)));
    assert_eq!(verdict().await, Verdict::Hit);
    let put = asked(&edge, Method::PUT, "http://site.localhost/doc", &[]).await;
    assert_eq!(put.text(), "written");
    assert!(matches!(verdict().await, Verdict::Miss(_)));
}
