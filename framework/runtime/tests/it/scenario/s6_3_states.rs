//! Platform.md section 6.3: the periods of an object's life, and who waits for whom in each.

use selvedge_testkit::{Fault, Gate, Reply, ok, status};

use crate::site::{Client, PROFILES, Site, all, hows};

/// Fresh for 60 s, then 30 s while it is revalidated, and 90 s where the origin fails.
const LIFE: &str = "max-age=60, stale-while-revalidate=30, stale-if-error=90";

const FRESH: &str = "hit";
const REVALIDATED: &str = "hit; detail=stale-while-revalidate";

fn first() -> Reply {
    ok("old").header("cache-control", LIFE).header("etag", "\"1\"")
}

fn same() -> Reply {
    status(304).header("cache-control", LIFE).header("etag", "\"1\"")
}

async fn stored(profile: &'static str, then: impl IntoIterator<Item = Reply>) -> Site {
    let site = Site::of(profile).await.replying([first()]).replying(then);
    assert_eq!(site.see().await.how(), "fwd=uri-miss; stored");
    site
}

/// The first caller's column, with an origin that answers: what it gets, and how often the origin has been asked.
#[tokio::test]
async fn each_period_has_its_answer() {
    let asked = "fwd=stale; fwd-status=304";
    for profile in PROFILES {
        for (at_ms, how, requests) in [
            (0, FRESH, 1),
            (59_999, FRESH, 1),
            (60_000, REVALIDATED, 2),
            (90_000, REVALIDATED, 2),
            (90_001, asked, 2),
            (150_000, asked, 2),
            (150_001, asked, 2),
        ] {
            let site = stored(profile, [same()]).await;
            site.wait_ms(at_ms).await;
            let seen = site.see().await;
            assert_eq!(seen.both(), (how.to_owned(), "old"), "{profile} {at_ms}");
            site.begin_refreshes().await;
            assert_eq!(site.asked(), requests, "{profile} {at_ms}");
            if requests == 2 {
                assert_eq!(site.last()["if-none-match"], "\"1\"", "{profile} {at_ms}");
            }
        }
    }
}

/// The same with an origin that cannot be reached: the status, and the word for why stale is served.
#[tokio::test]
async fn each_period_has_its_answer_without_an_origin() {
    let hour_ms = 60 * 60 * 1000;
    for (at_ms, rfc, fastly) in [
        (90_000, (200, "stale-while-revalidate"), (200, "stale-while-revalidate")),
        (90_001, (200, "stale-if-error"), (200, "stale-if-error")),
        (150_000, (200, "stale-if-error"), (200, "stale-if-error")),
        (150_001, (200, "disconnected"), (502, "")),
        (60_000 + hour_ms, (200, "disconnected"), (502, "")),
        (60_001 + hour_ms, (502, ""), (502, "")),
    ] {
        for (profile, (code, detail)) in [("rfc", rfc), ("fastly", fastly)] {
            let site = stored(profile, [ok("").fault(Fault::Refuse)]).await;
            site.wait_ms(at_ms).await;
            let seen = site.see().await;
            assert_eq!((seen.status, site.asked()), (code, 1 + usize::from(at_ms > 90_000)));
            assert!(seen.how().ends_with(detail), "{profile} {at_ms}: {}", seen.how());
            assert_eq!(seen.text == "old", code == 200, "{profile} {at_ms}");
        }
    }
}

/// The others' column: in the first two periods nobody waits, in the others all do, for one of them.
#[tokio::test]
async fn each_period_lets_the_others_wait_or_not() {
    for profile in PROFILES {
        for (at_ms, waiting, requests) in
            [(59_999, 0, 1), (60_000, 0, 2), (90_000, 0, 2), (90_001, 3, 2), (150_001, 3, 2)]
        {
            let gate = Gate::closed();
            let site = stored(profile, [same().held(&gate)]).await;
            site.wait_ms(at_ms).await;
            let crowd = site.crowd(3).await;
            site.begin_refreshes().await;
            let wait = crowd.iter().filter(|client| client.waits()).count();
            assert_eq!((wait, site.asked()), (waiting, requests), "{profile} {at_ms}");
            gate.open();
            let seen = all(crowd).await;
            assert!(seen.iter().all(|seen| seen.text == "old"), "{profile} {at_ms}");
            assert_eq!(site.asked(), requests, "{profile} {at_ms}");
            let collapsed = seen.iter().filter(|seen| seen.how() == "fwd=stale; collapsed").count();
            assert_eq!(collapsed, if waiting > 0 { 2 } else { 0 }, "{profile} {at_ms}");
        }
    }
}

/// The last row, where nothing is known.
#[tokio::test]
async fn a_miss_lets_the_others_wait() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let site = Site::of(profile).await.replying([first().held(&gate)]);
        let crowd = site.crowd(3).await;
        assert!(crowd.iter().all(Client::waits));
        gate.open();
        let others = "fwd=uri-miss; collapsed";
        assert_eq!(hows(crowd).await, ["fwd=uri-miss; stored", others, others], "{profile}");
        assert_eq!(site.asked(), 1);
    }
}

/// A refresh that fails leaves the object as it is, and the next second offers the next one.
#[tokio::test]
async fn one_refresh_a_second_is_offered() {
    for profile in PROFILES {
        let site = stored(profile, [ok("").fault(Fault::Reset)]).await;
        site.wait(61).await;
        for (later_ms, requests) in [(0, 2), (0, 2), (999, 2), (1, 3), (500, 3), (500, 4)] {
            site.wait_ms(later_ms).await;
            assert_eq!(site.see().await.how(), REVALIDATED, "{profile}");
            site.begin_refreshes().await;
            assert_eq!(site.asked(), requests, "{profile} after {later_ms} ms");
        }
    }
}

#[tokio::test]
async fn no_refresh_is_begun_while_one_is_coming_in() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let new = ok("").chunks(["n".into(), "ew".into()]).max_age(60).held(&gate);
        let site = stored(profile, [new]).await;
        site.wait(61).await;
        gate.allow(2);
        for _ in 0..5 {
            assert_eq!(site.see().await.both(), (REVALIDATED.to_owned(), "old"), "{profile}");
            site.wait(1).await;
            assert_eq!(site.asked(), 2, "{profile}");
        }
        gate.open();
        assert_eq!(site.see().await.both(), (FRESH.to_owned(), "new"), "{profile}");
    }
}

/// Who waits for longer than the answer lives still gets it: what counts is how old it was for the request when that
/// came.
#[tokio::test]
async fn an_age_is_judged_when_the_request_came() {
    for profile in PROFILES {
        for slow in [ok("new").max_age(5), status(304).max_age(5)] {
            let gate = Gate::closed();
            let site = stored(profile, [slow.header("etag", "\"1\"").held(&gate)]).await;
            site.wait(200).await;
            let crowd = site.crowd(2).await;
            site.wait(10).await;
            gate.open();
            assert_eq!(hows(crowd).await[1], "fwd=stale; collapsed", "{profile}");
            assert_eq!(site.asked(), 2, "{profile}");
            assert!(site.see().await.how().starts_with("fwd=stale"), "{profile}: it is too old");
        }
    }
}

#[tokio::test]
async fn hits_are_counted_for_all_who_used_it() {
    for profile in PROFILES {
        let site = stored(profile, [same()]).await;
        for hits in ["1", "2", "3"] {
            assert_eq!(site.see().await.header("x-cache-hits"), hits, "{profile}");
        }
    }
}
