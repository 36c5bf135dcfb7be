//! A purge while a fetch is under way: it is for those who asked before, and for nobody after.

use http::Method;
use selvedge_testkit::{Gate, Reply, ok, status};

use crate::site::{PROFILES, Site, all, request, rest};

/// The ways to purge `/`.
const PURGES: [&str; 3] =
    ["/purge/site.localhost/", "/service/site/purge/key", "/service/site/purge_all"];

async fn purge(site: &Site, path: &str, softly: bool) {
    let ask = site.edge.admin(Method::POST, path).header("fastly-key", "t");
    let ask = if softly { ask.header("fastly-soft-purge", "1") } else { ask };
    assert_eq!(ask.send().await.status, 200, "{path}");
}

fn tagged(text: [&'static str; 2]) -> Reply {
    let reply = ok("").chunks(text.map(Into::into)).max_age(60);
    reply.header("surrogate-key", "key").header("etag", "\"1\"")
}

/// Every way to purge, hard and soft, in both profiles, and before and after the head.
fn cases() -> impl Iterator<Item = (&'static str, &'static str, bool, usize)> {
    PROFILES.into_iter().flat_map(|profile| {
        PURGES.into_iter().flat_map(move |path| {
            [false, true].into_iter().flat_map(move |softly| {
                [0, 2].into_iter().map(move |steps| (profile, path, softly, steps))
            })
        })
    })
}

#[tokio::test]
async fn who_comes_after_a_purge_does_not_join_the_fetch_from_before() {
    for (profile, path, softly, steps) in cases() {
        let case = format!("{profile} {path} softly={softly} after {steps} steps");
        let gate = Gate::closed();
        let replies = [tagged(["o", "ld"]).held(&gate), tagged(["n", "ew"])];
        let site = Site::of(profile).await.replying(replies);
        let before = site.crowd(2).await;
        gate.allow(steps);
        rest().await;
        purge(&site, path, softly).await;
        let after = site.crowd(1).await;
        // Before the head has told the surrogate keys, nobody knows whether a purge by one meant it.
        if steps == 0 && path.contains("/service/") && !path.ends_with("purge_all") {
            gate.open();
        }
        assert_eq!(all(after).await[0].text, "new", "{case}");
        gate.open();
        // Who waits for the head can still get something newer; what has begun to come goes on.
        let begun = if steps > 0 { 2 } else { 1 };
        assert!(all(before).await[..begun].iter().all(|seen| seen.text == "old"), "{case}");
        assert_eq!(site.asked(), 2, "{case}");
        let next = site.see().await;
        assert_eq!(next.text, "new", "{case}");
        // What a soft purge left of the old one may lie there still, to be asked about.
        assert!(softly || next.how() == "hit", "{case}");
    }
}

/// What a refresh brings that began before the purge is not found after it either.
#[tokio::test]
async fn a_refresh_from_before_a_purge_is_not_found_after_it() {
    let control = "max-age=60, stale-while-revalidate=600";
    for profile in PROFILES {
        for path in PURGES {
            let gate = Gate::closed();
            let old = ok("old").header("cache-control", control).header("surrogate-key", "key");
            let replies = [old, tagged(["b", "ad"]).held(&gate), tagged(["n", "ew"])];
            let site = Site::of(profile).await.replying(replies);
            site.see().await;
            site.wait(61).await;
            assert_eq!(site.see().await.text, "old", "{profile} {path}");
            site.begin_refreshes().await;
            purge(&site, path, false).await;
            gate.open();
            rest().await;
            assert_eq!(site.see().await.text, "new", "{profile} {path}");
            assert_eq!(site.asked(), 3, "{profile} {path}");
        }
    }
}

/// Of all who ask inside the window none waits, and of those after it one asks.
#[tokio::test]
async fn a_soft_purge_opens_the_windows_for_a_crowd() {
    let control = "max-age=600, stale-while-revalidate=30";
    for profile in PROFILES {
        for path in &PURGES[..2] {
            let gate = Gate::closed();
            let old = ok("old").header("cache-control", control).header("surrogate-key", "key");
            let site = Site::of(profile).await.replying([old, tagged(["n", "ew"]).held(&gate)]);
            site.see().await;
            site.wait(100).await;
            purge(&site, path, true).await;
            site.wait(30).await;
            let stale = site.crowd(3).await;
            assert!(stale.iter().all(|client| !client.waits()), "{profile} {path}");
            site.begin_refreshes().await;
            site.wait_ms(1).await;
            let waiting = site.crowd(3).await;
            assert!(waiting.iter().all(|client| client.waits()), "{profile} {path}");
            gate.open();
            assert!(all(stale).await.iter().all(|seen| seen.text == "old"), "{profile} {path}");
            assert!(all(waiting).await.iter().all(|seen| seen.text == "new"), "{profile} {path}");
            assert_eq!(site.asked(), 2, "{profile} {path}");
        }
    }
}

/// Under `rfc` a write takes away what is being fetched; under `fastly` only a purge does.
#[tokio::test]
async fn a_write_during_a_fetch_is_a_purge_by_profile() {
    for (profile, text) in [("rfc", "new"), ("fastly", "old")] {
        let gate = Gate::closed();
        let replies = [tagged(["o", "ld"]).held(&gate), status(204), tagged(["n", "ew"])];
        let site = Site::of(profile).await.replying(replies);
        let before = site.crowd(1).await;
        assert_eq!(site.ask(request(Method::PUT, "/", &[])).seen().await.status, 204, "{profile}");
        gate.open();
        assert_eq!(all(before).await[0].text, "old", "{profile}");
        assert_eq!(site.see().await.text, text, "{profile}");
    }
}
