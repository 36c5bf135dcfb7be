//! What a backend is not asked too much: requests under way, and pauses in a body.

use std::time::Duration;

use http_body_util::BodyExt;
use selvedge::Body;
use selvedge_testkit::{Edge, Gate, Method, ok};

use super::{head, manifest, rules};

fn limited(settings: &str, all: &[&str]) -> String {
    manifest(&rules(all)).replace(
        "backends.origin.url = \"http://origin.example\"",
        &format!("backends.origin = {{ url = \"http://origin.example\", {settings} }}"),
    )
}

fn request(path: &str) -> selvedge::Request {
    let url = format!("http://site.localhost{path}");
    http::Request::get(url).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn beyond_its_limit_a_backend_is_not_asked_until_a_body_has_ended() {
    let edge =
        Edge::from_toml(&limited("max_connections = 2", &["then.pass = true"])).start().await;
    let gate = Gate::closed();
    gate.allow(1);
    let _ = edge.origin("site", "origin").on("/slow").reply(ok("slow").held(&gate));
    let _ = edge.origin("site", "origin").on("/").reply(ok("x"));
    let one = edge.open(request("/slow")).await;
    let two = edge.open(request("/slow")).await;
    let refused = head(&edge, "http://site.localhost/", &[]).await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("error-reason").as_str()),
        (503, "connection limit")
    );
    // One is read to its end, the other given up.
    gate.open();
    assert_eq!(one.into_body().collect().await.unwrap().to_bytes(), "slow");
    assert_eq!(head(&edge, "http://site.localhost/", &[]).await.text(), "x");
    drop(two);
    for _ in 0..3 {
        assert_eq!(head(&edge, "http://site.localhost/", &[]).await.text(), "x");
    }
    assert_eq!(edge.origin("site", "origin").count(), 6);
}

#[tokio::test]
async fn what_is_stale_is_served_in_place_of_too_many() {
    let edge = Edge::from_toml(&limited("max_connections = 1", &[])).start().await;
    let gate = Gate::closed();
    gate.allow(1);
    let page = ok("page").header("cache-control", "max-age=5, stale-if-error=60");
    let _ = edge.origin("site", "origin").on("/").reply(page);
    let _ = edge.origin("site", "origin").on("/slow").reply(ok("slow").held(&gate));
    head(&edge, "http://site.localhost/", &[]).await;
    let slow = edge.open(request("/slow")).await;
    edge.advance(Duration::from_secs(6)).await;
    let stale = head(&edge, "http://site.localhost/", &[]).await;
    assert_eq!((stale.text().as_str(), stale.status.as_u16()), ("page", 200));
    drop(slow);
}

#[tokio::test]
async fn a_body_that_stops_for_too_long_is_broken_and_not_stored() {
    let settings = "between_bytes_timeout_ms = 2000";
    for pass in [true, false] {
        let rule = format!("then.pass = {pass}");
        let edge = Edge::from_toml(&limited(settings, &[&rule])).start().await;
        let gate = Gate::closed();
        gate.allow(2);
        let reply = ok("").max_age(60).chunks(["one".into(), "two".into()]).held(&gate);
        let _ = edge.origin("site", "origin").on("/").reply(reply);
        let response = edge.open(request("/")).await;
        let mut body = response.into_body();
        assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "one");
        let rest = tokio::spawn(async move { body.frame().await });
        // The pause is measured from when somebody waits.
        tokio::task::yield_now().await;
        edge.advance(Duration::from_millis(1999)).await;
        assert!(!rest.is_finished(), "pass {pass}");
        edge.advance(Duration::from_millis(1)).await;
        assert!(rest.await.unwrap().unwrap().is_err(), "pass {pass}");
        gate.open();
        let again = edge.request(Method::GET, "http://site.localhost/").send().await;
        assert_eq!(again.text(), "onetwo");
        assert!(!again.hop("site").verdict.is_hit(), "pass {pass}");
    }
}

#[tokio::test]
async fn a_domain_of_ours_is_sent_around_the_process_where_the_account_allows_it() {
    let manifest = |bypass: &str| {
        limited("override_host = \"inner.localhost\", bypass_local_route_table = X", &[])
            .replace("http://origin.example", "http://inner.localhost")
            .replace('X', bypass)
            + "[account]\nallow_local_bypass = [\"site\"]\n[services.inner]\ntype = \"delivery\"\n\
               domains = [\"inner.localhost\"]\nbackends.origin.url = \"http://origin.example\"\n"
    };
    for (bypass, way) in [("false", "inner"), ("true", "site")] {
        let edge = Edge::from_toml(&manifest(bypass)).start().await;
        edge.origin(way, "origin").on("/").reply(ok("x"));
        head(&edge, "http://site.localhost/", &[]).await;
        assert_eq!(edge.origin(way, "origin").count(), 1, "{bypass}");
        let services = usize::from(bypass == "false");
        assert_eq!(edge.origin("inner", "origin").count(), services, "{bypass}");
    }
}
