//! Platform.md section 6.4, the storage actions: what each of them means to those who wait.

use selvedge_testkit::{Gate, Reply, ok, status};

use crate::site::{PROFILES, Site, get, hows, rest};

/// Lets a crowd of three ask, and says how many requests the origin has got after each of them was let through.
async fn one_by_one(profile: &'static str, reply: Reply) -> (Vec<usize>, Vec<String>) {
    let gates = [Gate::closed(), Gate::closed(), Gate::closed()];
    let replies = gates.iter().map(|gate| reply.clone().held(gate)).collect::<Vec<_>>();
    let site = Site::of(profile).await.replying(replies);
    let crowd = site.crowd(3).await;
    let mut requests = vec![site.asked()];
    for gate in &gates {
        gate.open();
        rest().await;
        requests.push(site.asked());
    }
    (requests, hows(crowd).await)
}

/// The storage actions: insert serves all, a mark wakes all, and nothing at all wakes one.
#[tokio::test]
async fn each_storage_action_wakes_its_waiters() {
    let control = |value| ok("a").header("cache-control", value);
    let teapot = status(418).header("cache-control", "private");
    for (profile, reply, requests) in [
        ("rfc", control("max-age=60"), [1, 1, 1, 1]),
        ("fastly", control("max-age=60"), [1, 1, 1, 1]),
        ("rfc", control("private"), [1, 3, 3, 3]),
        ("fastly", control("private"), [1, 3, 3, 3]),
        ("rfc", teapot.clone(), [1, 3, 3, 3]),
        ("fastly", teapot, [1, 2, 3, 3]),
        ("rfc", status(503), [1, 2, 3, 3]),
        ("fastly", status(503), [1, 2, 3, 3]),
    ] {
        let (counted, hows) = one_by_one(profile, reply).await;
        assert_eq!(counted, requests, "{profile} {hows:?}");
        let others = if requests[3] == 1 { "collapsed" } else { "collapsed=?0" };
        assert!(hows[1..].iter().all(|how| how.contains(&format!("; {others}"))), "{hows:?}");
        assert!(!hows[0].contains("collapsed"), "{hows:?}");
    }
}

/// Insert: all read while it is being written.
#[tokio::test]
async fn waiters_read_while_it_comes_in() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let reply = ok("").chunks(["one".into(), "two".into()]).max_age(60).held(&gate);
        let site = Site::of(profile).await.replying([reply]);
        let crowd = site.crowd(1).await;
        gate.allow(2);
        rest().await;
        let mut follower = site.read().await;
        assert_eq!(follower.head.how(), "fwd=uri-miss; collapsed", "{profile}");
        assert_eq!(follower.next().await.as_deref(), Some("one"), "{profile}");
        gate.open();
        assert_eq!(follower.next().await.as_deref(), Some("two"), "{profile}");
        assert_eq!(follower.next().await, None, "{profile}");
        assert_eq!(crowd.into_iter().next().unwrap().seen().await.text, "onetwo");
        assert_eq!(site.ask(get("/", &[])).seen().await.how(), "hit");
    }
}

/// How long an uncacheable answer keeps others from being stored: the mark's bounds are 120 s and 3600 s, and it lasts
/// 120 s where nothing else is said.
#[tokio::test]
async fn hit_for_pass_lasts_as_long_as_the_answer_says_within_bounds() {
    for (control, seconds) in [
        ("private", 120),
        ("private, max-age=1", 120),
        ("private, max-age=600", 600),
        ("private, max-age=600, s-maxage=900", 900),
        ("private, max-age=999999", 3600),
    ] {
        let private = ok("a").header("cache-control", control);
        let site = Site::of("fastly").await.replying([private, ok("b").max_age(60)]);
        site.see().await;
        site.wait_ms(seconds * 1000 - 1).await;
        assert_eq!(site.see().await.how(), "fwd=bypass; detail=hit-for-pass", "{control}");
        site.wait_ms(1).await;
        assert_eq!(site.see().await.how(), "fwd=uri-miss; stored", "{control}");
    }
}
