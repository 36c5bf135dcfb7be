//! How long anybody waits, and for what it is worth waiting.

use std::time::Duration;

use selvedge::{Binding, Service, prelude::*};
use selvedge_testkit::{Gate, ok, status};

use crate::site::{PROFILES, Site, all, rest};

#[backend("origin")]
struct Origin;

fn choosing(choice: Cache) -> Service {
    let answer = move |origin: Origin, request: Request| {
        let request = request.cache(choice.clone());
        async move { origin.send(request).await }
    };
    Service::new("site", Router::new().fallback(answer), vec![Origin::NEED])
}

/// The handler's own limit is a refusal, and nothing is sent.
#[tokio::test]
async fn a_lookup_timeout_ends_the_wait_with_a_refusal() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let limit = Cache::Inherit.lookup_timeout(Duration::from_millis(500));
        let site = Site::run_by(profile, choosing(limit)).await;
        let site = site.replying([ok("a").max_age(60).held(&gate)]);
        let mut crowd = site.crowd(2).await;
        site.wait_ms(499).await;
        assert!(crowd[1].waits(), "{profile}");
        site.wait_ms(1).await;
        let late = crowd.remove(1).seen().await;
        assert_eq!(
            (late.status, late.header("error-reason")),
            (504, "lookup timeout"),
            "{profile}"
        );
        assert!(crowd[0].waits(), "{profile}: who asks does not wait for others");
        gate.open();
        assert_eq!(all(crowd).await[0].text, "a", "{profile}");
        assert_eq!((site.see().await.how().as_str(), site.asked()), ("hit", 1), "{profile}");
    }
}

/// Without a limit a request waits as long as it would for the backend itself, then asks for itself.
#[tokio::test]
async fn patience_ends_with_a_request_of_ones_own() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let replies = [ok("slow").max_age(60).held(&gate), ok("own").max_age(60)];
        let site = Site::of(profile).await.replying(replies);
        let mut crowd = site.crowd(2).await;
        // The backend's connect timeout and its first-byte timeout.
        site.wait_ms(1_000 + 15_000 - 1).await;
        assert_eq!((crowd[1].waits(), site.asked()), (true, 1), "{profile}");
        site.wait_ms(1).await;
        let own = ("fwd=uri-miss; stored; collapsed=?0".to_owned(), "own");
        assert_eq!(crowd.remove(1).seen().await.both(), own, "{profile}");
        assert!(crowd[0].waits(), "{profile}");
        gate.open();
        assert_eq!(all(crowd).await[0].text, "slow", "{profile}");
        assert_eq!(site.asked(), 2, "{profile}");
    }
}

/// The wait ends with the head: a body that takes longer than anybody's patience is followed to its end.
#[tokio::test]
async fn patience_is_for_the_head_only() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let reply = ok("").chunks(["one".into(), "two".into()]).max_age(600).held(&gate);
        let site = Site::of(profile).await.replying([reply]);
        let crowd = site.crowd(2).await;
        gate.allow(2);
        rest().await;
        site.wait(100).await;
        gate.open();
        assert!(all(crowd).await.iter().all(|seen| seen.text == "onetwo"), "{profile}");
        assert_eq!(site.asked(), 1, "{profile}");
    }
}

#[tokio::test]
async fn a_handler_switches_collapsing_off() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let site = Site::run_by(profile, choosing(Cache::Inherit.without_collapsing())).await;
        let site = site.replying([ok("a").max_age(60).held(&gate)]);
        let crowd = site.crowd(3).await;
        assert_eq!(site.asked(), 3, "{profile}");
        gate.open();
        let stored = "fwd=uri-miss; stored";
        assert!(all(crowd).await.iter().all(|seen| seen.how() == stored), "{profile}");
    }
}

/// What each use of which needs the origin's word is nobody else's answer: who waited asks at once, and side by side.
#[tokio::test]
async fn what_must_be_validated_is_not_shared() {
    for control in ["no-cache", "max-age=0", "max-age=0, must-revalidate"] {
        let tagged = ok("a").header("cache-control", control).header("etag", "\"1\"");
        let same = status(304).header("cache-control", control).header("etag", "\"1\"");
        for profile in PROFILES {
            for (warm, reply) in [(false, &tagged), (true, &tagged), (true, &same)] {
                let (first, others) = (Gate::closed(), Gate::closed());
                let site = Site::of(profile).await;
                let site = site.replying(warm.then(|| tagged.clone()));
                let held = [reply.clone().held(&first), reply.clone().held(&others)];
                let site = site.replying(held);
                if warm {
                    site.see().await;
                }
                let crowd = site.crowd(3).await;
                assert_eq!(site.asked(), 1 + usize::from(warm), "{profile} {control}");
                first.open();
                rest().await;
                assert_eq!(site.asked(), 3 + usize::from(warm), "{profile} {control}");
                others.open();
                assert!(all(crowd).await.iter().all(|seen| seen.text == "a"), "{profile}");
            }
        }
    }
}

/// A body that comes in for longer than it is fresh is for those who came in time.
#[tokio::test]
async fn who_comes_when_it_has_expired_asks_anew() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let slow = ok("").chunks(["o".into(), "ld".into()]).max_age(10).held(&gate);
        let site = Site::of(profile).await.replying([slow, ok("new").max_age(10)]);
        let mut crowd = site.crowd(1).await;
        gate.allow(2);
        rest().await;
        site.wait_ms(9_999).await;
        crowd.extend(site.crowd(1).await);
        site.wait_ms(1).await;
        let fresh = site.see().await;
        assert_eq!((fresh.text.as_str(), site.asked()), ("new", 2), "{profile}");
        gate.open();
        assert!(all(crowd).await.iter().all(|seen| seen.text == "old"), "{profile}");
    }
}
