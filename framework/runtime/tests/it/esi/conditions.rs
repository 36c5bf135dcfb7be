//! A client's conditions and ranges are about a page that nobody keeps: they are not answered by the template.

use selvedge_testkit::{Edge, Method, ok};

use super::{PAGES, URL, asked, edge, html, replies};

const MARKED: &str =
    "when.response_header = { surrogate-control = \"*ESI/1.0*\" }\nthen.esi = true";

async fn page(rules: &[&str]) -> Edge {
    let edge = edge(rules).await;
    let reply = html("<esi:include src=\"/f\"/>")
        .header("etag", "\"1\"")
        .header("last-modified", "Tue, 14 Nov 2023 22:13:20 GMT")
        .header("surrogate-control", "content=\"ESI/1.0\"");
    replies(&edge, "/page", reply);
    replies(&edge, "/f", ok("fragment"));
    edge
}

#[tokio::test]
async fn a_page_is_whole_whatever_the_client_has() {
    for rule in [PAGES, MARKED, "then = { esi = true, pass = true }"] {
        let edge = page(&[rule]).await;
        for header in [
            ("if-none-match", "\"1\""),
            ("if-modified-since", "Tue, 14 Nov 2023 22:13:20 GMT"),
            ("if-match", "\"2\""),
            ("range", "bytes=0-3"),
            ("if-none-match", "*"),
        ] {
            let answer = asked(&edge, Method::GET, URL, &[header]).await;
            assert_eq!(answer.status.as_u16(), 200, "{rule} {header:?}");
            assert_eq!(answer.text(), "fragment", "{rule} {header:?}");
        }
        for arrived in edge.origin("site", "origin").arrived() {
            for name in ["if-none-match", "if-modified-since", "if-match", "range"] {
                assert!(!arrived.headers.contains_key(name), "{rule} {}", arrived.target);
            }
        }
    }
}

#[tokio::test]
async fn a_template_and_its_fragments_are_asked_for_as_text() {
    let edge = page(&[PAGES]).await;
    asked(&edge, Method::GET, URL, &[("accept-encoding", "gzip, br")]).await;
    for arrived in edge.origin("site", "origin").arrived() {
        assert_eq!(arrived.headers["accept-encoding"], "identity", "{}", arrived.target);
    }
}

#[tokio::test]
async fn what_no_rule_calls_a_template_keeps_its_conditions() {
    for rule in [MARKED, PAGES] {
        let edge = edge(&[rule]).await;
        replies(&edge, "/a.css", ok("body {}").max_age(60).header("etag", "\"1\""));
        let url = "http://site.localhost/a.css";
        assert_eq!(edge.get(url).await.header("etag"), "\"1\"", "{rule}");
        let again = asked(&edge, Method::GET, url, &[("if-none-match", "\"1\"")]).await;
        assert_eq!(again.status.as_u16(), 304, "{rule}");
        let part = asked(&edge, Method::GET, url, &[("range", "bytes=0-3")]).await;
        assert_eq!((part.status.as_u16(), part.text().as_str()), (206, "body"), "{rule}");
    }
}

/// Without its condition a write would overwrite what somebody else has written meanwhile.
#[tokio::test]
async fn the_conditions_of_a_write_stay() {
    for rule in [PAGES, MARKED] {
        let edge = page(&[rule]).await;
        for method in [Method::PUT, Method::POST, Method::DELETE] {
            asked(&edge, method, URL, &[("if-match", "\"1\"")]).await;
        }
        let arrived = edge.origin("site", "origin").arrived();
        let writes: Vec<_> = arrived.iter().filter(|one| one.method != Method::GET).collect();
        assert_eq!(writes.len(), 3);
        for write in writes {
            assert_eq!(write.headers["if-match"], "\"1\"", "{rule} {}", write.method);
        }
        // What comes back is a page all the same, whose fragments are got without it.
        let fragments = arrived.iter().filter(|one| one.target == "/f");
        assert!(fragments.clone().count() > 0);
        assert!(fragments.into_iter().all(|one| !one.headers.contains_key("if-match")));
    }
}
