//! Settings of the manifest that reach the cache.

use std::time::Duration;

use selvedge_testkit::{Edge, NoStore, StalePermission, Verdict, ok, status};

const MANIFEST: &str = r#"
manifest_version = 1
name = "settings"
[pops.LHR]
[shelf]
budget = "1MiB"
max_object = "1KiB"
[services.site]
type = "delivery"
domains = ["site.localhost"]
SETTINGS
backends.origin = { url = "http://origin.example" }
"#;

/// What answers a stale request whose origin fails with this status.
async fn after(settings: &str, failure: u16) -> (u16, Verdict) {
    let edge = Edge::from_toml(&MANIFEST.replace("SETTINGS", settings)).start().await;
    let reply = ok("old").header("cache-control", "max-age=60, stale-if-error=60");
    let _ = edge.origin("site", "origin").on("/").reply(reply).reply(status(failure));
    edge.get("http://site.localhost/").await;
    edge.advance(Duration::from_secs(61)).await;
    let answer = edge.get("http://site.localhost/").await;
    (answer.status.as_u16(), answer.hop("site").verdict)
}

#[tokio::test]
async fn the_errors_that_stale_answers_for_can_be_chosen() {
    let stale = Verdict::Stale(StalePermission::IfError);
    for (settings, covered) in [
        ("", &[500, 502, 503, 504][..]),
        ("stale_if_error_on = [502, 599]", &[502, 599]),
        ("stale_if_error_on = []", &[]),
        ("cache_profile = \"fastly\"", &[]),
        ("cache_profile = \"fastly\"\nstale_if_error_on = [503]", &[503]),
    ] {
        for failure in [404, 500, 501, 502, 503, 504, 599] {
            let found = after(settings, failure).await;
            let is_covered = found == (200, stale);
            assert_eq!(is_covered, covered.contains(&failure), "{settings} {failure}: {found:?}");
            assert!(is_covered || found.0 == failure, "{settings} {failure}: {found:?}");
        }
    }
}

#[tokio::test]
async fn the_largest_object_can_be_chosen() {
    let edge = Edge::from_toml(&MANIFEST.replace("SETTINGS", "")).start().await;
    for (path, bytes, not_stored) in
        [("/fits", 1024, None), ("/does-not", 1025, Some(NoStore::TooLarge))]
    {
        let _ = edge.origin("site", "origin").on(path).reply(ok(vec![b'x'; bytes]).max_age(60));
        let answer = edge.get(&format!("http://site.localhost{path}")).await;
        assert_eq!(answer.hop("site").not_stored, not_stored, "{path}");
    }
}
