//! Clients that go away, and bodies that break off.

use selvedge_testkit::{Fault, Gate, Reply, ok};

use crate::site::{PROFILES, Site, all, rest};

fn slow(gate: &Gate) -> Reply {
    ok("").chunks(["one".into(), "two".into()]).max_age(60).held(gate)
}

/// Before the head, and between the chunks.
#[tokio::test]
async fn a_leader_whose_client_goes_still_serves_the_others() {
    for profile in PROFILES {
        for steps in [0, 2] {
            let gate = Gate::closed();
            let site = Site::of(profile).await.replying([slow(&gate)]);
            let mut crowd = site.crowd(3).await;
            gate.allow(steps);
            rest().await;
            crowd.remove(0).leave().await;
            gate.open();
            for seen in all(crowd).await {
                let whole = ("fwd=uri-miss; collapsed".to_owned(), "onetwo");
                assert_eq!(seen.both(), whole, "{profile} {steps}");
            }
            assert_eq!(site.asked(), 1, "{profile} {steps}");
        }
    }
}

/// Nobody is left: the fetch goes on, since what it brings is stored.
#[tokio::test]
async fn a_fetch_goes_on_when_all_clients_have_gone() {
    for profile in PROFILES {
        for steps in [0, 2] {
            let gate = Gate::closed();
            let site = Site::of(profile).await.replying([slow(&gate)]);
            let crowd = site.crowd(2).await;
            gate.allow(steps);
            rest().await;
            for client in crowd {
                client.leave().await;
            }
            gate.open();
            rest().await;
            assert_eq!(site.see().await.both(), ("hit".to_owned(), "onetwo"), "{profile} {steps}");
        }
    }
}

#[tokio::test]
async fn a_follower_that_goes_disturbs_nobody() {
    for profile in PROFILES {
        for steps in [0, 2] {
            let gate = Gate::closed();
            let site = Site::of(profile).await.replying([slow(&gate)]);
            let mut crowd = site.crowd(3).await;
            gate.allow(steps);
            rest().await;
            crowd.remove(1).leave().await;
            gate.open();
            assert!(all(crowd).await.iter().all(|seen| seen.text == "onetwo"), "{profile}");
            assert_eq!(site.asked(), 1, "{profile} {steps}");
        }
    }
}

/// Once the head is there all share its fate; who comes after asks anew, and never gets the half as the whole.
#[tokio::test]
async fn a_body_that_breaks_off_breaks_off_for_all() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let cut = slow(&gate).fault(Fault::Truncate(1));
        let site = Site::of(profile).await.replying([cut, ok("onetwo").max_age(60)]);
        let mut crowd = site.crowd(2).await;
        gate.allow(2);
        crowd.extend(site.crowd(1).await);
        gate.open();
        for seen in all(crowd).await {
            assert_eq!((seen.text.as_str(), seen.broken), ("one", true), "{profile}");
        }
        assert_eq!(site.asked(), 1, "{profile}");
        let next = site.see().await;
        assert_eq!((next.text.as_str(), next.broken, site.asked()), ("onetwo", false, 2));
    }
}

/// An error hands over to exactly one; the others go on waiting for that one.
#[tokio::test]
async fn a_failed_leader_hands_over_to_one() {
    for profile in PROFILES {
        let (first, second) = (Gate::closed(), Gate::closed());
        let replies = [ok("").fault(Fault::Reset).held(&first), slow(&second)];
        let site = Site::of(profile).await.replying(replies);
        let crowd = site.crowd(4).await;
        first.open();
        rest().await;
        assert_eq!(site.asked(), 2, "{profile}");
        let waiting = crowd.iter().filter(|client| client.waits()).count();
        assert_eq!(waiting, 3, "{profile}");
        second.open();
        let mut seen = all(crowd).await;
        assert_eq!(seen.remove(0).status, 502, "{profile}");
        let led = seen.iter().filter(|seen| seen.how() == "fwd=uri-miss; stored; collapsed=?0");
        assert_eq!((led.count(), site.asked()), (1, 2), "{profile}");
        assert!(seen.iter().all(|seen| seen.text == "onetwo"), "{profile}");
    }
}

/// A refresh that failed is nobody's error, and the next second tries again.
#[tokio::test]
async fn a_refresh_that_fails_leaves_the_object() {
    let control = "max-age=60, stale-while-revalidate=30";
    for profile in PROFILES {
        for failing in
            [ok("").fault(Fault::Refuse), ok("half").max_age(60).fault(Fault::Truncate(0))]
        {
            let old = ok("old").header("cache-control", control);
            let site = Site::of(profile).await.replying([old, failing, ok("new").max_age(60)]);
            site.see().await;
            site.wait(61).await;
            let stale = ("hit; detail=stale-while-revalidate".to_owned(), "old");
            for requests in [2, 3] {
                assert_eq!(site.see().await.both(), stale, "{profile}");
                site.wait(1).await;
                assert_eq!(site.asked(), requests, "{profile}");
            }
            assert_eq!(site.see().await.both(), ("hit".to_owned(), "new"), "{profile}");
        }
    }
}

/// A request for which the object is too old waits for the refresh that is under way already.
#[tokio::test]
async fn who_needs_it_fresh_waits_for_the_refresh() {
    let control = "max-age=60, stale-while-revalidate=30";
    for profile in PROFILES {
        let gate = Gate::closed();
        let old = ok("old").header("cache-control", control);
        let site = Site::of(profile).await.replying([old, ok("new").max_age(60).held(&gate)]);
        site.see().await;
        site.wait(90).await;
        assert_eq!(site.see().await.text, "old", "{profile}");
        site.begin_refreshes().await;
        site.wait_ms(1).await;
        let crowd = site.crowd(2).await;
        assert!(crowd.iter().all(|client| client.waits()), "{profile}");
        assert_eq!(site.asked(), 2, "{profile}");
        gate.open();
        for seen in all(crowd).await {
            assert_eq!(seen.both(), ("fwd=stale; collapsed".to_owned(), "new"), "{profile}");
        }
        assert_eq!(site.asked(), 2, "{profile}");
    }
}
