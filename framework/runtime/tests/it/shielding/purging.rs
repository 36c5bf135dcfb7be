//! A purge acts in every POP, and what the shield had before it comes back to none.

use bytes::Bytes;
use http::Method;
use http_body_util::BodyExt;
use selvedge_testkit::{Edge, Gate, ok};

use super::{page_at, site, way};

const PURGES: [&str; 3] =
    ["/purge/site.localhost/page", "/service/site/purge/pages", "/service/site/purge_all"];

async fn edge() -> Edge {
    Edge::from_toml(&site("")).admin_token("t").start().await
}

async fn purge(edge: &Edge, path: &str) -> String {
    let purged = edge.admin(Method::POST, path).header("fastly-key", "t").send().await;
    assert_eq!(purged.status.as_u16(), 200, "{}", purged.text());
    purged.header("selvedge-purged")
}

#[tokio::test]
async fn one_purge_is_enough() {
    for path in PURGES {
        let edge = edge().await;
        let page = ok("old").max_age(60).header("surrogate-key", "pages");
        let _ = edge.origin("site", "origin").on("/page").reply(page);
        for pop in ["LHR", "FRA"] {
            page_at(&edge, pop).await;
        }
        edge.origin("site", "origin").forget();
        let _ = edge.origin("site", "origin").on("/page").reply(ok("new").max_age(60));
        assert_eq!(purge(&edge, path).await, "FRA=1, IAD=1, LHR=1");
        for pop in ["LHR", "FRA", "IAD", "LHR"] {
            assert_eq!(page_at(&edge, pop).await.text(), "new", "{path} {pop}");
        }
        assert_eq!(edge.origin("site", "origin").count(), 2);
    }
}

/// What the shield fetches while it is purged is kept in no POP that waits for it.
#[tokio::test]
async fn what_is_under_way_through_the_shield_is_kept_nowhere() {
    for path in PURGES {
        let edge = edge().await;
        let gate = Gate::closed();
        let chunks = ["one", "two"].map(Bytes::from);
        let slow = ok("").chunks(chunks).max_age(60).header("surrogate-key", "pages").held(&gate);
        let _ = edge.origin("site", "origin").on("/page").reply(slow).reply(ok("new").max_age(60));
        gate.allow(2);
        // FRA is where requests enter in this account.
        let request = http::Request::get("http://site.localhost/page");
        let response = edge.open(request.body(selvedge::Body::empty()).unwrap()).await;
        let mut body = response.into_body();
        assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "one");
        purge(&edge, path).await;
        // Who comes now gets nothing of it.
        assert_eq!(page_at(&edge, "LHR").await.text(), "new", "{path}");
        gate.open();
        assert_eq!(body.collect().await.unwrap().to_bytes(), "two");
        edge.settle().await;
        let answer = page_at(&edge, "FRA").await;
        assert_eq!((answer.text().as_str(), way(&answer).len()), ("new", 2), "{path}");
    }
}

#[tokio::test]
async fn a_write_takes_the_copies_on_its_way() {
    let edge = edge().await;
    let _ = edge.origin("site", "origin").on("/page").reply(ok("page").max_age(60));
    page_at(&edge, "LHR").await;
    edge.request(Method::POST, "http://site.localhost/page").at("LHR").send().await;
    assert_eq!(way(&page_at(&edge, "LHR").await), ["site@IAD miss", "site@LHR miss"]);
}
