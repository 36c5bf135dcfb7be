//! Purging in a test, and what was purged.

use std::time::Duration;

use selvedge_testkit::{Edge, PurgeMode, StalePermission, Verdict, ok};

use crate::shop::shop;

const URL: &str = "http://catalog.localhost/shirts";

/// A page that both POPs have.
async fn filled() -> Edge {
    let edge = shop().start().await;
    let control = "max-age=60, stale-while-revalidate=60";
    let reply = ok("x").header("cache-control", control).surrogate_key("shirts all");
    edge.origin("catalog", "origin").on("/shirts").reply(reply);
    edge.get(URL).await;
    edge.pop("IAD").get(URL).await;
    edge
}

#[tokio::test]
async fn each_kind_of_purge_meets_what_is_there() {
    for kind in ["url", "keys", "all"] {
        let edge = filled().await;
        let purge = edge.purge("catalog");
        let purged = match kind {
            "url" => purge.url(URL),
            "keys" => purge.keys(&["shirts"]),
            _ => purge.all(),
        };
        assert_eq!((purged.at("LHR"), purged.at("IAD"), purged.total()), (1, 1, 2), "{kind}");
        assert!(!edge.get(URL).await.hop("catalog").verdict.is_hit(), "{kind}");
    }
    let edge = filled().await;
    assert_eq!(edge.purge("catalog").keys(&["hats"]).total(), 0);
    assert_eq!(edge.purge("storefront").all().total(), 0);
    assert_eq!(edge.get(URL).await.hop("catalog").verdict, Verdict::Hit);
}

#[tokio::test]
async fn a_soft_purge_leaves_it_stale() {
    let edge = filled().await;
    edge.purge("catalog").soft().url(URL);
    let stale = Verdict::Stale(StalePermission::WhileRevalidate);
    assert_eq!(edge.get(URL).await.hop("catalog").verdict, stale);
    edge.advance(Duration::ZERO).await;
    assert_eq!(edge.get(URL).await.hop("catalog").verdict, Verdict::Hit);
}

#[tokio::test]
async fn whoever_purges_is_told_of() {
    let edge = filled().await;
    assert!(edge.purges().is_empty());
    edge.purge("catalog").keys(&["hats", "all"]);
    edge.purge("catalog").soft().url(URL);
    edge.purge("catalog").all();
    let purges = edge.purges();
    let lines: Vec<String> = purges.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "purge of catalog: keys hats all LHR=1 IAD=1",
            "soft purge of catalog: url catalog.localhost/shirts LHR=0 IAD=0",
            "purge of catalog: all LHR=0 IAD=0"
        ]
    );
    assert_eq!(purges[1].mode, PurgeMode::Soft);
    edge.assert_told("purge of catalog: keys hats all");
}
