//! Platform.md section 6.8: what collapsing comes to, row by row. What each storage action does to those who wait is in
//! section 6.4, variants are in 6.7; what is ours alone is in `collapse`.

use http::Method;
use selvedge_testkit::{Fault, Gate, Reply, ok, status};

use crate::site::{PROFILES, Site, all, get, hows, request, rest};

/// A cacheable response arrives: all are served from it, whenever they came.
#[tokio::test]
async fn one_fetch_serves_all_before_during_and_after() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let reply = ok("").chunks(["one".into(), "two".into()]).max_age(60).held(&gate);
        let site = Site::of(profile).await.replying([reply]);
        let mut crowd = site.crowd(3).await;
        for _ in 0..3 {
            gate.allow(1);
            crowd.extend(site.crowd(2).await);
        }
        gate.open();
        rest().await;
        crowd.extend(site.crowd(1).await);
        let seen = all(crowd).await;
        assert!(seen.iter().all(|seen| seen.text == "onetwo"), "{profile}");
        let hows: Vec<String> = seen.iter().map(|seen| seen.how()).collect();
        assert_eq!(hows[0], "fwd=uri-miss; stored", "{profile}");
        assert!(
            hows[1..9].iter().all(|how| how == "fwd=uri-miss; collapsed"),
            "{profile} {hows:?}"
        );
        assert_eq!((hows[9].as_str(), site.asked()), ("hit", 1), "{profile}");
    }
}

/// Uncacheable and no marker: serial, however many there are.
#[tokio::test]
async fn without_a_marker_the_waiters_ask_one_by_one() {
    for profile in PROFILES {
        let gates: Vec<Gate> = (0..5).map(|_| Gate::closed()).collect();
        let replies: Vec<_> = gates.iter().map(|gate| status(500).held(gate)).collect();
        let site = Site::of(profile).await.replying(replies);
        let crowd = site.crowd(5).await;
        for (number, gate) in gates.iter().enumerate() {
            assert_eq!(site.asked(), number + 1, "{profile}");
            gate.open();
            rest().await;
        }
        assert!(all(crowd).await.iter().all(|seen| seen.status == 500), "{profile}");
    }
}

/// How many of a crowd of three ask at once, so long after the replies before the last one were given.
async fn at_once(profile: &'static str, before: &[Reply], later_ms: u64) -> usize {
    let gate = Gate::closed();
    let site = Site::of(profile).await.replying(before.to_vec());
    let site = site.replying([ok("last").max_age(60).held(&gate)]);
    for _ in before {
        site.see().await;
    }
    site.wait_ms(later_ms).await;
    let crowd = site.crowd(3).await;
    let asked = site.asked() - before.len();
    gate.open();
    assert!(all(crowd).await.iter().all(|seen| seen.text == "last"), "{profile}");
    asked
}

/// Uncacheable with a marker: side by side for its whole life. Under `rfc` a cacheable answer ends it before.
#[tokio::test]
async fn with_a_marker_all_ask_at_once_for_its_lifetime() {
    let private = ok("a").header("cache-control", "private");
    let marked = [private.clone()];
    for profile in PROFILES {
        assert_eq!(at_once(profile, &marked, 119_999).await, 3, "{profile}");
        assert_eq!(at_once(profile, &marked, 120_000).await, 1, "{profile}");
    }
    let cacheable = [private, ok("b").max_age(60)];
    assert_eq!(at_once("rfc", &cacheable, 60_000).await, 1);
    assert_eq!(at_once("fastly", &cacheable, 60_000).await, 3);
}

/// The failures of an origin leave no marker: side by side they would hit it all the harder.
#[tokio::test]
async fn a_server_error_leaves_no_marker() {
    for profile in PROFILES {
        for code in [500, 502, 503, 504] {
            assert_eq!(at_once(profile, &[status(code)], 0).await, 1, "{profile} {code}");
        }
    }
}

/// Passes, writes and requests with a body never collapse.
#[tokio::test]
async fn what_is_not_looked_up_is_not_collapsed() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let site = Site::of(profile).await.replying([ok("a").max_age(60).held(&gate)]);
        let crowd: Vec<_> = (0..3).map(|_| site.ask(request(Method::POST, "/", &[]))).collect();
        rest().await;
        assert_eq!(site.asked(), 3, "{profile}");
        gate.open();
        assert_eq!(hows(crowd).await, ["fwd=method"; 3], "{profile}");
    }
}

/// Stale inside its window: nobody waits, one background fetch.
#[tokio::test]
async fn stale_while_revalidate_is_one_fetch_that_nobody_waits_for() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let control = "max-age=60, stale-while-revalidate=30";
        let old = ok("old").header("cache-control", control);
        let site = Site::of(profile).await.replying([old, ok("new").max_age(60).held(&gate)]);
        site.see().await;
        site.wait(61).await;
        let crowd = site.crowd(5).await;
        site.begin_refreshes().await;
        let stale = "hit; detail=stale-while-revalidate";
        assert_eq!(hows(crowd).await, [stale; 5], "{profile}");
        assert_eq!(site.asked(), 2, "{profile}");
        gate.open();
        assert_eq!(site.see().await.both(), ("hit".to_owned(), "new"), "{profile}");
        assert_eq!(site.asked(), 2, "{profile}");
    }
}

/// The leader errs: one of the waiters leads, then the next.
#[tokio::test]
async fn an_error_makes_one_waiter_the_leader() {
    for profile in PROFILES {
        let gates = [Gate::closed(), Gate::closed(), Gate::closed()];
        let faults = [Fault::Refuse, Fault::Reset].map(|fault| ok("").fault(fault));
        let replies = [&faults[..], &[ok("a").max_age(60)]].concat();
        let held = replies.into_iter().zip(&gates).map(|(reply, gate)| reply.held(gate));
        let site = Site::of(profile).await.replying(held.collect::<Vec<_>>());
        let crowd = site.crowd(5).await;
        for (number, gate) in gates.iter().enumerate() {
            assert_eq!(site.asked(), number + 1, "{profile}");
            gate.open();
            rest().await;
        }
        let mut codes: Vec<u16> = all(crowd).await.iter().map(|seen| seen.status).collect();
        codes.sort_unstable();
        assert_eq!((codes, site.asked()), (vec![200, 200, 200, 502, 502], 3), "{profile}");
    }
}

/// Collapsing is switched off by a rule.
#[tokio::test]
async fn a_rule_switches_collapsing_off() {
    let off = "[[services.site.rules]]\nwhen = { path = \"/\" }\nthen = { collapse = false }";
    for profile in PROFILES {
        let gate = Gate::closed();
        let site = Site::with(profile, "", off).await.replying([ok("a").max_age(60).held(&gate)]);
        let _ = site.origin().on("/other").reply(ok("b").max_age(60).held(&gate));
        let mut crowd = site.crowd(3).await;
        assert_eq!(site.asked(), 3, "{profile}");
        crowd.extend((0..3).map(|_| site.ask(get("/other", &[]))));
        rest().await;
        assert_eq!(site.asked(), 4, "{profile}: the rule is about `/`");
        gate.open();
        let hows = hows(crowd).await;
        assert_eq!(hows[..3], ["fwd=uri-miss; stored"; 3], "{profile}");
        assert_eq!(site.see().await.how(), "hit", "{profile}");
    }
}
