//! Platform.md section 6.4: from a look-up to what is stored, and what that means for those who wait.

use http::Method;
use selvedge_testkit::{Fault, Gate, Reply, ok, status};

use crate::site::{Client, PROFILES, Site, all, hows, request, rest};

/// Step 1: nobody waits for what the cache has no part in.
#[tokio::test]
async fn writes_and_passes_never_wait() {
    let pass =
        "[[services.site.rules]]\nwhen = { query = { pass = true } }\nthen = { pass = true }";
    for profile in PROFILES {
        let gate = Gate::closed();
        let site = Site::with(profile, "", pass).await.replying([ok("a").max_age(60).held(&gate)]);
        let asks = [
            (Method::GET, "/?pass", "fwd=bypass; detail=requested"),
            (Method::POST, "/", "fwd=method"),
            (Method::DELETE, "/", "fwd=method"),
        ];
        let crowd: Vec<Client> = asks
            .iter()
            .flat_map(|(method, path, _)| {
                [
                    site.ask(request(method.clone(), path, &[])),
                    site.ask(request(method.clone(), path, &[])),
                ]
            })
            .collect();
        rest().await;
        assert_eq!(site.asked(), 6, "{profile}");
        gate.open();
        let expected = asks.iter().flat_map(|(_, _, how)| [*how, *how]).collect::<Vec<_>>();
        assert_eq!(hows(crowd).await, expected, "{profile}");
    }
}

/// Step 3: hit-for-pass goes straight to the origin; hit-for-miss goes there too, and may be stored.
#[tokio::test]
async fn a_marked_key_is_not_waited_for() {
    for (profile, how) in
        [("rfc", "fwd=uri-miss; stored"), ("fastly", "fwd=bypass; detail=hit-for-pass")]
    {
        let gate = Gate::closed();
        let private = ok("a").header("cache-control", "private");
        let site = Site::of(profile).await.replying([private, ok("b").max_age(60).held(&gate)]);
        assert!(site.see().await.how().ends_with("detail=private"));
        let crowd = site.crowd(3).await;
        assert_eq!(site.asked(), 4, "{profile}");
        gate.open();
        assert_eq!(hows(crowd).await, [how; 3], "{profile}");
    }
}

/// Step 5, where nothing is stored: `fastly` asks for the whole, `rfc` for what the client asked.
#[tokio::test]
async fn a_miss_asks_for_the_whole_under_fastly() {
    let date = "Tue, 14 Nov 2023 22:13:20 GMT";
    let asks = [
        (Method::HEAD, ("accept", "*/*")),
        (Method::GET, ("range", "bytes=0-1")),
        (Method::GET, ("if-none-match", "\"x\"")),
        (Method::GET, ("if-modified-since", date)),
    ];
    for (profile, whole) in [("rfc", false), ("fastly", true)] {
        for (method, field) in &asks {
            let site = Site::of(profile).await.replying([ok("abc").max_age(60)]);
            let ranged = [*field, ("if-range", "\"x\"")];
            let headers = if field.0 == "range" { &ranged[..] } else { &ranged[..1] };
            site.ask(request(method.clone(), "/", headers)).seen().await;
            let arrived = site.origin().arrived().remove(0);
            let is_whole = arrived.method == Method::GET
                && ["range", "if-range", "if-none-match", "if-modified-since"]
                    .iter()
                    .all(|name| !arrived.headers.contains_key(*name));
            assert_eq!(is_whole, whole, "{profile} {method} {field:?}");
            assert_eq!(arrived.headers.get(field.0).is_some(), !whole || field.0 == "accept");
        }
    }
}

/// Step 5, where something is stored: the conditions are ours in both profiles.
#[tokio::test]
async fn a_revalidation_has_our_own_conditions() {
    let modified = "Mon, 13 Nov 2023 00:00:00 GMT";
    for profile in PROFILES {
        let first = ok("abc").max_age(60).header("etag", "\"1\"").header("last-modified", modified);
        let same = status(304).max_age(60).header("etag", "\"1\"");
        let site = Site::of(profile).await.replying([first, same]);
        site.see().await;
        site.wait(60).await;
        let seen = site.see_with(&[("range", "bytes=1-"), ("if-none-match", "\"theirs\"")]).await;
        assert_eq!((seen.status, seen.text.as_str()), (206, "bc"), "{profile}");
        let last = site.last();
        assert_eq!([&last["if-none-match"], &last["if-modified-since"]], ["\"1\"", modified]);
        assert!(!last.contains_key("range"), "{profile}");
    }
}

/// Step 6: a 304 renews all headers but Content-Length.
#[tokio::test]
async fn an_update_merges_headers_and_begins_a_new_life() {
    for profile in PROFILES {
        let first = ok("abc").max_age(60).header("etag", "\"1\"").header("x-kept", "1");
        let same = status(304).max_age(90).header("etag", "\"1\"").header("content-length", "9");
        let site = Site::of(profile).await.replying([first, same.header("x-new", "2")]);
        site.see().await;
        site.wait(60).await;
        assert_eq!(site.see().await.how(), "fwd=stale; fwd-status=304", "{profile}");
        site.wait_ms(89_999).await;
        let seen = site.see().await;
        assert_eq!(seen.both(), ("hit".to_owned(), "abc"), "{profile}");
        let fields = ["content-length", "x-kept", "x-new", "age"].map(|name| seen.header(name));
        assert_eq!(fields, ["3", "1", "2", "89"], "{profile}");
        site.wait_ms(1).await;
        assert!(site.see().await.how().starts_with("fwd=stale"), "{profile}");
    }
}

/// What is not the object's is not stored.
#[tokio::test]
async fn hop_by_hop_headers_are_not_stored() {
    for profile in PROFILES {
        let reply = ok("abc").max_age(60).header("connection", "x-named").header("x-named", "1");
        let reply = reply.header("keep-alive", "timeout=5").header("proxy-authenticate", "Basic");
        let site = Site::of(profile).await.replying([reply.header("x-kept", "1")]);
        site.see().await;
        let hit = site.see().await;
        assert_eq!((hit.how().as_str(), hit.header("x-kept")), ("hit", "1"), "{profile}");
        for name in ["connection", "x-named", "keep-alive", "proxy-authenticate"] {
            assert_eq!(hit.header(name), "", "{profile} {name}");
        }
    }
}

/// Sends a crowd of three to an object that has expired and whose origin answers so, held until all have asked.
async fn after_expiry(
    profile: &'static str,
    life: &str,
    then: impl IntoIterator<Item = Reply>,
) -> (Site, Vec<Client>) {
    let gate = Gate::closed();
    let first = ok("old").header("cache-control", life);
    let then = then.into_iter().map(|reply| reply.held(&gate));
    let site = Site::of(profile).await.replying([first]).replying(then.collect::<Vec<_>>());
    site.see().await;
    site.wait(70).await;
    let crowd = site.crowd(3).await;
    assert_eq!(site.asked(), 2, "{profile}");
    gate.open();
    (site, crowd)
}

/// Step 7: who asked and who waited get the stale object, which stays as it was.
#[tokio::test]
async fn a_failure_serves_stale_to_all() {
    let (life, stale) = ("max-age=60, stale-if-error=30", "fwd=stale; detail=stale-if-error");
    for profile in PROFILES {
        let fault = ok("").fault(Fault::Timeout);
        let (site, crowd) = after_expiry(profile, life, [fault, ok("new").max_age(60)]).await;
        let collapsed = "fwd=stale; collapsed; detail=stale-if-error";
        assert_eq!(hows(crowd).await, [stale, collapsed, collapsed], "{profile}");
        assert_eq!(site.asked(), 2, "{profile}: the next look-up asks again");
        assert_eq!(site.see().await.both(), ("fwd=stale; stored".to_owned(), "new"), "{profile}");
    }
}

/// Step 7, with nothing to serve: the error is the leader's, and one other tries.
#[tokio::test]
async fn a_failure_without_stale_wakes_one() {
    let life = "max-age=60, must-revalidate";
    for profile in PROFILES {
        let fault = ok("").fault(Fault::Timeout);
        let (site, crowd) = after_expiry(profile, life, [fault, ok("new").max_age(60)]).await;
        let mut seen = all(crowd).await;
        assert_eq!(seen.remove(0).status, 504, "{profile}");
        let mut hows: Vec<String> = seen.iter().map(|seen| seen.how()).collect();
        hows.sort();
        assert_eq!(hows, ["fwd=stale; collapsed", "fwd=stale; stored; collapsed=?0"], "{profile}");
        assert_eq!(site.asked(), 3, "{profile}");
    }
}

/// A 5xx is an answer under `fastly`, and a failure under `rfc` where `stale-if-error` says so.
#[tokio::test]
async fn a_5xx_is_a_failure_by_profile() {
    for (profile, code, requests) in [("rfc", 200, 2), ("fastly", 503, 4)] {
        let life = "max-age=60, stale-if-error=30";
        let (site, crowd) = after_expiry(profile, life, [status(503)]).await;
        let codes: Vec<u16> = all(crowd).await.iter().map(|seen| seen.status).collect();
        assert_eq!((codes, site.asked()), (vec![code; 3], requests), "{profile}");
    }
}
