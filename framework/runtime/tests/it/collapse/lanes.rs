//! Which requests want the same: the whole, a part, the head, with and without `Authorization`.

use http::Method;
use selvedge::Request;
use selvedge_testkit::{Gate, Reply, ok, status};

use crate::site::{Client, PROFILES, Seen, Site, all, get, request, rest};

/// What is answered to these requests, and how many of them reach the origin before it has answered any, and in all.
async fn together(
    profile: &'static str,
    requests: Vec<Request>,
    replies: impl IntoIterator<Item = Reply>,
) -> (Vec<Seen>, usize, usize) {
    let gate = Gate::closed();
    let held: Vec<Reply> = replies.into_iter().map(|reply| reply.held(&gate)).collect();
    let site = Site::of(profile).await.replying(held);
    let mut crowd: Vec<Client> = Vec::new();
    for request in requests {
        crowd.push(site.ask(request));
        rest().await;
    }
    let at_once = site.asked();
    gate.open();
    (all(crowd).await, at_once, site.asked())
}

/// A part, as the origin gives it.
fn part() -> Reply {
    let part = status(206).body("23").header("content-range", "bytes 2-3/10");
    part.max_age(60).header("etag", "\"1\"")
}

fn ranged(range: &str) -> Request {
    get("/", &[("range", range)])
}

/// Under `rfc` the origin is asked for the part; those who want the very same part share it.
#[tokio::test]
async fn equal_ranges_collapse() {
    let same = || vec![ranged("bytes=2-3"), ranged("bytes=2-3"), ranged("bytes=2-3")];
    let (seen, at_once, asked) = together("rfc", same(), [part()]).await;
    assert_eq!((at_once, asked), (1, 1));
    for seen in &seen {
        let got = (seen.status, seen.text.as_str(), seen.header("content-range"));
        assert_eq!(got, (206, "23", "bytes 2-3/10"));
    }
    // Under `fastly` it is asked for the whole, of which everybody takes the part.
    let whole = ok("0123456789").max_age(60);
    let (seen, at_once, asked) = together("fastly", same(), [whole]).await;
    assert_eq!((at_once, asked), (1, 1));
    assert!(seen.iter().all(|seen| (seen.status, seen.text.as_str()) == (206, "23")));
}

#[tokio::test]
async fn different_ranges_collapse_under_fastly_only() {
    let different = || vec![ranged("bytes=2-3"), ranged("bytes=4-5")];
    let (_, at_once, _) = together("rfc", different(), [part()]).await;
    assert_eq!(at_once, 2);
    let whole = ok("0123456789").max_age(60);
    let (seen, at_once, asked) = together("fastly", different(), [whole]).await;
    assert_eq!((at_once, asked), (1, 1));
    assert_eq!(seen.iter().map(|seen| seen.text.as_str()).collect::<Vec<_>>(), ["23", "45"]);
}

/// Where the origin does not do ranges it sends the whole, and each takes its part of that.
#[tokio::test]
async fn a_range_that_brings_the_whole_serves_all_who_wanted_it() {
    for profile in PROFILES {
        let requests = vec![ranged("bytes=2-3"), ranged("bytes=2-3")];
        let whole = ok("0123456789").max_age(60);
        let (seen, at_once, asked) = together(profile, requests, [whole]).await;
        assert_eq!((at_once, asked), (1, 1), "{profile}");
        assert!(seen[1].text == "23" || seen[1].status == 200, "{profile}: {:?}", seen[1]);
    }
}

/// Whoever asks for less follows a fetch of the whole.
#[tokio::test]
async fn parts_heads_and_conditions_follow_the_whole() {
    for profile in PROFILES {
        let requests = vec![
            get("/", &[]),
            request(Method::HEAD, "/", &[]),
            get("/", &[("if-none-match", "\"1\"")]),
            get("/", &[("if-none-match", "\"0\"")]),
            ranged("bytes=2-3"),
        ];
        let whole = ok("0123456789").max_age(60).header("etag", "\"1\"");
        let (seen, at_once, asked) = together(profile, requests, [whole]).await;
        assert_eq!((at_once, asked), (1, 1), "{profile}");
        let got: Vec<_> = seen.iter().map(|seen| (seen.status, seen.text.as_str())).collect();
        let all = "0123456789";
        assert_eq!(got, [(200, all), (200, ""), (304, ""), (200, all), (206, "23")], "{profile}");
        assert!(seen[1..].iter().all(|seen| seen.how() == "fwd=uri-miss; collapsed"), "{profile}");
    }
}

/// The other way round only where the origin is asked for the whole in any case.
#[tokio::test]
async fn nobody_who_wants_the_whole_waits_for_less() {
    for (profile, requests) in [("rfc", 2), ("fastly", 1)] {
        let less = [
            request(Method::HEAD, "/", &[]),
            get("/", &[("if-none-match", "\"0\"")]),
            ranged("bytes=2-3"),
        ];
        for first in less {
            let reply = ok("0123456789").max_age(60);
            let (seen, at_once, _) = together(profile, vec![first, get("/", &[])], [reply]).await;
            assert_eq!(at_once, requests, "{profile}");
            assert_eq!(seen[1].text, "0123456789", "{profile}");
        }
    }
}

/// A revalidation is one question, whatever those who need it asked for.
#[tokio::test]
async fn all_follow_a_revalidation() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let first = ok("0123456789").max_age(60).header("etag", "\"1\"");
        let same = status(304).max_age(60).header("etag", "\"1\"").held(&gate);
        let site = Site::of(profile).await.replying([first, same]);
        site.see().await;
        site.wait(60).await;
        let requests = vec![
            ranged("bytes=2-3"),
            get("/", &[]),
            get("/", &[("if-none-match", "\"1\"")]),
            request(Method::HEAD, "/", &[]),
        ];
        let mut crowd = Vec::new();
        for request in requests {
            crowd.push(site.ask(request));
            rest().await;
        }
        assert_eq!(site.asked(), 2, "{profile}");
        gate.open();
        let seen = all(crowd).await;
        let got: Vec<_> = seen.iter().map(|seen| (seen.status, seen.text.as_str())).collect();
        assert_eq!(got, [(206, "23"), (200, "0123456789"), (304, ""), (200, "")], "{profile}");
        assert_eq!(site.asked(), 2, "{profile}");
    }
}

/// What may not be shared for those who authenticate says nothing of the others, so they never wait for each other.
#[tokio::test]
async fn authorization_has_a_lane_of_its_own() {
    for profile in PROFILES {
        let known = || get("/", &[("authorization", "Basic YTpi")]);
        let requests = vec![known(), get("/", &[]), known(), get("/", &[])];
        let public = ok("a").header("cache-control", "max-age=60, public");
        let (seen, at_once, asked) = together(profile, requests, [public]).await;
        assert_eq!((at_once, asked), (2, 2), "{profile}");
        assert!(seen[2..].iter().all(|seen| seen.how() == "fwd=uri-miss; collapsed"), "{profile}");
    }
}

/// Nor does a mark that the one leaves bind the others.
#[tokio::test]
async fn a_mark_of_the_authorized_is_theirs() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let site = Site::of(profile).await.replying([ok("a").max_age(60)]);
        let site = site.replying([ok("b").max_age(60).held(&gate)]);
        site.see_with(&[("authorization", "Basic YTpi")]).await;
        let known: Vec<_> =
            (0..2).map(|_| site.ask(get("/", &[("authorization", "Basic YTpi")]))).collect();
        rest().await;
        assert_eq!(site.asked(), 3, "{profile}: those go side by side");
        let others = site.crowd(2).await;
        assert_eq!(site.asked(), 4, "{profile}: these do not");
        gate.open();
        all(known).await;
        all(others).await;
    }
}

/// What is the origin's to judge, or must not be kept, waits for nobody and lets nobody wait.
#[tokio::test]
async fn some_requests_stay_alone() {
    for profile in PROFILES {
        for field in [("if-match", "\"1\""), ("cache-control", "no-store")] {
            let requests = vec![get("/", &[field]), get("/", &[field]), get("/", &[])];
            let (_, at_once, _) = together(profile, requests, [ok("a").max_age(60)]).await;
            assert_eq!(at_once, 3, "{profile} {field:?}");
        }
    }
}
