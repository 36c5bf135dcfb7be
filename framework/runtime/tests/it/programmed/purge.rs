//! Purging from code: what it meets, and whose.

use std::time::Duration;

use selvedge::{Binding, Service, prelude::*};
use selvedge_cache::StalePermission;
use selvedge_testkit::{Edge, MissReason, Verdict, ok};

use super::{MANIFEST, Origin};

const OTHER: &str = r#"
[services.other]
type = "delivery"
domains = ["other.localhost"]
backends.origin = { url = "http://origin.example" }
"#;

/// `/purge` and `/soft` purge by the tags of their query, everything else is the origin's.
async fn edge() -> Edge {
    let router = Router::new()
        .route(
            "/purge",
            any(async |purge: Purge, uri: Uri| {
                Ok::<_, Error>(purge.surrogate_keys(tags(&uri)).await?.to_string())
            }),
        )
        .route(
            "/soft",
            any(async |purge: Purge, uri: Uri| {
                Ok::<_, Error>(purge.soft_surrogate_keys(tags(&uri)).await?.to_string())
            }),
        )
        .fallback(async |origin: Origin, request: Request| {
            let choice = Cache::Inherit.surrogate_key("from-code");
            origin.send(request.cache(choice)).await
        });
    let service = Service::new("site", router, vec![Origin::NEED]);
    let edge = Edge::from_toml(&format!("{MANIFEST}{OTHER}")).service(service).start().await;
    for service in ["site", "other"] {
        let origin = edge.origin(service, "origin");
        let tagged = |tags: &str| {
            let control = "max-age=60, stale-while-revalidate=30";
            ok("a").header("cache-control", control).header("surrogate-key", tags)
        };
        let _ = origin.on("/one").reply(tagged("one both"));
        let _ = origin.on("/two").reply(tagged("two both"));
    }
    edge
}

fn tags(uri: &Uri) -> Vec<String> {
    let query = uri.query().unwrap_or_default();
    query.split('+').map(|tag| tag.replace("%20", " ")).collect()
}

async fn verdict(edge: &Edge, path: &str) -> Verdict {
    edge.get(&format!("http://site.localhost{path}")).await.hop("site").verdict
}

async fn filled() -> Edge {
    let edge = edge().await;
    for url in
        ["http://site.localhost/one", "http://site.localhost/two", "http://other.localhost/one"]
    {
        edge.get(url).await;
    }
    edge
}

const GONE: Verdict = Verdict::Miss(MissReason::UriMiss);

#[tokio::test]
async fn a_key_takes_away_what_carries_it_and_nothing_else() {
    for (query, one, two) in [
        ("one", GONE, Verdict::Hit),
        ("both", GONE, GONE),
        ("one+two", GONE, GONE),
        ("from-code", GONE, GONE),
        ("on", Verdict::Hit, Verdict::Hit),
        ("ONE", Verdict::Hit, Verdict::Hit),
    ] {
        let edge = filled().await;
        let answer = edge.get(&format!("http://site.localhost/purge?{query}")).await;
        assert_eq!(answer.status, 200, "{query}");
        assert_eq!(
            (verdict(&edge, "/one").await, verdict(&edge, "/two").await),
            (one, two),
            "{query}"
        );
        let other = edge.get("http://other.localhost/one").await;
        assert_eq!(other.hop("other").verdict, Verdict::Hit, "{query}");
    }
}

#[tokio::test]
async fn after_a_soft_purge_the_windows_run_from_the_purge() {
    let edge = filled().await;
    edge.advance(Duration::from_secs(10)).await;
    edge.get("http://site.localhost/soft?both").await;
    edge.advance(Duration::from_secs(30)).await;
    let stale = Verdict::Stale(StalePermission::WhileRevalidate);
    assert_eq!(verdict(&edge, "/one").await, stale);
    edge.advance(Duration::from_millis(1)).await;
    assert_eq!(verdict(&edge, "/one").await, Verdict::Hit);
    assert_eq!(verdict(&edge, "/two").await, Verdict::Miss(MissReason::Stale));
}

#[tokio::test]
async fn each_purge_has_a_name_of_its_own() {
    let edge = edge().await;
    let one = edge.get("http://site.localhost/purge?a").await.text();
    let other = edge.get("http://site.localhost/purge?a").await.text();
    assert!(!one.is_empty() && one != other);
}

#[tokio::test]
async fn what_is_no_key_and_what_are_too_many_purge_nothing() {
    let edge = filled().await;
    let many = (0..257).map(|number| format!("one{number}")).collect::<Vec<_>>().join("+");
    let most = (1..256).map(|number| format!("k{number}")).collect::<Vec<_>>().join("+");
    for (query, reason) in [
        ("one+two%20words", "invalid surrogate key"),
        ("one+", "invalid surrogate key"),
        (many.as_str(), "purge too large"),
    ] {
        let answer = edge.get(&format!("http://site.localhost/purge?{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.header("error-reason").as_str()), (500, reason));
        assert_eq!(verdict(&edge, "/one").await, Verdict::Hit);
    }
    edge.get(&format!("http://site.localhost/purge?{most}+one")).await;
    assert_eq!(verdict(&edge, "/one").await, GONE);
}
