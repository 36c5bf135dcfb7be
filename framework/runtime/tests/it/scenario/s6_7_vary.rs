//! Platform.md section 6.7: which variant answers, and who waits for which.

use selvedge_testkit::{Gate, Reply, ok};

use crate::site::{PROFILES, Site, all, get, rest};

fn varying(text: &'static str, vary: &str) -> Reply {
    ok(text).max_age(60).header("vary", vary)
}

/// Asks with one header after another, and says what each was answered and whether by a hit.
async fn each(site: &Site, asks: &[(&str, &str)]) -> Vec<(String, bool)> {
    let mut seen = Vec::new();
    for ask in asks {
        let answer = site.see_with(&[*ask]).await;
        seen.push((answer.text.clone(), answer.how() == "hit"));
    }
    seen
}

#[tokio::test]
async fn each_stored_variant_says_which_headers_must_match() {
    for profile in PROFILES {
        let replies = [varying("a", "x-a"), varying("b", "X-B, x-a"), varying("c", "x-a")];
        let site = Site::of(profile).await.replying(replies);
        let seen =
            each(&site, &[("x-a", "1"), ("x-a", "2"), ("x-a", "3"), ("x-a", "1"), ("x-a", "2")]);
        let expected = [("a", false), ("b", false), ("c", false), ("a", true), ("b", true)];
        assert_eq!(seen.await, expected.map(|(text, hit)| (text.to_owned(), hit)), "{profile}");
        let other = site.see_with(&[("x-a", "2"), ("x-b", "1")]).await;
        assert_eq!(other.how(), "fwd=vary-miss; stored", "{profile}");
    }
}

#[tokio::test]
async fn there_may_be_any_number_of_variants() {
    let clients: Vec<String> = (0..100).map(|client| client.to_string()).collect();
    let replies = clients.iter().map(|_| varying("one of many", "user-agent"));
    let site = Site::of("rfc").await.replying(replies);
    for is_hit in [false, true] {
        for client in &clients {
            let answer = site.see_with(&[("user-agent", client)]).await;
            assert_eq!(answer.how() == "hit", is_hit, "{client}");
        }
    }
}

#[tokio::test]
async fn a_response_without_vary_matches_anything() {
    for profile in PROFILES {
        let site = Site::of(profile).await.replying([ok("all").max_age(60)]);
        site.see_with(&[("x-a", "1")]).await;
        let seen = each(&site, &[("x-a", "2"), ("x-b", "3")]).await;
        assert_eq!(seen, vec![("all".to_owned(), true); 2], "{profile}");
    }
}

#[tokio::test]
async fn of_two_that_match_the_newer_answers() {
    for profile in PROFILES {
        let site = Site::of(profile).await.replying([varying("a", "x-a"), varying("b", "x-b")]);
        site.see_with(&[("x-a", "1"), ("x-b", "1")]).await;
        site.wait(1).await;
        site.see_with(&[("x-a", "2"), ("x-b", "2")]).await;
        for (x_b, text) in [("1", "a"), ("2", "b")] {
            let seen = site.see_with(&[("x-a", "1"), ("x-b", x_b)]).await;
            assert_eq!(seen.both(), ("hit".to_owned(), text), "{profile}");
        }
    }
}

/// Values are compared as they are, and joined lines with them; lists of codings and languages by what they mean, which
/// is stricter than nothing and kinder than production.
#[tokio::test]
async fn values_are_compared_as_their_fields_allow() {
    for (field, stored, asked, same) in [
        ("x-a", "One", "One", true),
        ("x-a", "One", "one", false),
        ("x-a", "a, b", "a,b", false),
        ("x-a", "a, b", "b, a", false),
        ("accept-encoding", "gzip, br", "br,GZIP;q=1", true),
        ("accept-encoding", "gzip, br", "br;q=0.5, gzip", false),
        ("accept-language", "de, en;q=0.5", "en;q=0.5,DE", true),
        ("accept-language", "de", "de-AT", false),
    ] {
        for profile in PROFILES {
            let site = Site::of(profile).await.replying([varying("a", field)]);
            site.see_with(&[(field, stored)]).await;
            let hit = site.see_with(&[(field, asked)]).await.how() == "hit";
            assert_eq!(hit, same, "{profile} {field}: {stored} / {asked}");
        }
    }
}

#[tokio::test]
async fn repeated_lines_count_in_their_order_and_absent_matches_absent() {
    for profile in PROFILES {
        let site = Site::of(profile).await.replying([varying("a", "x-a")]);
        site.see_with(&[("x-a", "1"), ("x-a", "2")]).await;
        for (headers, hit) in [
            (&[("x-a", "1"), ("x-a", "2")][..], true),
            (&[("x-a", "1, 2")], true),
            (&[("x-a", "2"), ("x-a", "1")], false),
            (&[("x-a", "")], false),
            (&[], false),
            (&[], true),
        ] {
            assert_eq!(site.see_with(headers).await.how() == "hit", hit, "{profile} {headers:?}");
        }
    }
}

/// Production takes the star for a header's name that nobody sends; RFC 9111 section 4.1 says that it never matches.
#[tokio::test]
async fn vary_star_is_nobody_elses_answer() {
    for (profile, second) in
        [("rfc", "fwd=uri-miss; detail=vary-star"), ("fastly", "fwd=bypass; detail=hit-for-pass")]
    {
        let site = Site::of(profile).await.replying([varying("a", "x-a, *")]);
        assert_eq!(site.see().await.how(), "fwd=uri-miss; detail=vary-star", "{profile}");
        assert_eq!(site.see().await.how(), second, "{profile}");
    }
}

/// What a crowd with these languages gets, how many requests the origin has got before its first answer, and how many
/// in the end.
async fn languages(site: &Site, gate: &Gate, asks: [&str; 4]) -> (Vec<String>, usize, usize) {
    let before = site.asked();
    let crowd = asks.map(|language| site.ask(get("/", &[("accept-language", language)]))).into();
    rest().await;
    let at_once = site.asked() - before;
    gate.open();
    let texts = all(crowd).await.into_iter().map(|seen| seen.text).collect();
    (texts, at_once, site.asked() - before)
}

/// On the first miss all wait for one leader, and look again when its Vary is known.
#[tokio::test]
async fn an_unknown_vary_lets_all_wait_for_one() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let replies = ["de", "en"].map(|text| varying(text, "accept-language").held(&gate));
        let site = Site::of(profile).await.replying(replies);
        let seen = languages(&site, &gate, ["de", "en", "de", "en"]).await;
        assert_eq!(seen, (["de", "en", "de", "en"].map(str::to_owned).into(), 1, 2), "{profile}");
    }
}

/// Once a variant is stored it is known what selects: each variant has a leader of its own.
#[tokio::test]
async fn a_known_vary_has_a_leader_for_each_variant() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let held = ["de", "en"].map(|text| varying(text, "accept-language").held(&gate));
        let site = Site::of(profile).await.replying([varying("fr", "accept-language")]);
        let site = site.replying(held);
        site.see_with(&[("accept-language", "fr")]).await;
        let seen = languages(&site, &gate, ["de", "en", "de", "en"]).await;
        assert_eq!(seen, (["de", "en", "de", "en"].map(str::to_owned).into(), 2, 2), "{profile}");
    }
}

/// While the body comes in, its Vary is known: who wants another variant asks at once.
#[tokio::test]
async fn a_vary_that_is_coming_in_is_known() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let chunks = ["d".into(), "e".into()];
        let slow = ok("").chunks(chunks).max_age(60).header("vary", "accept-language").held(&gate);
        let site = Site::of(profile).await.replying([slow, varying("en", "accept-language")]);
        let german = site.ask(get("/", &[("accept-language", "de")]));
        gate.allow(1);
        rest().await;
        let english = site.see_with(&[("accept-language", "en")]).await;
        assert_eq!((english.text.as_str(), site.asked()), ("en", 2), "{profile}");
        gate.open();
        assert_eq!(german.seen().await.text, "de", "{profile}");
    }
}

/// Those who want yet other variants do not wait for each other either, though none of these is known to be right.
#[tokio::test]
async fn variants_do_not_wait_for_each_other_once_the_vary_is_coming_in() {
    for profile in PROFILES {
        let (first, others) = (Gate::closed(), Gate::closed());
        let slow = |gate: &Gate| {
            let reply = ok("").chunks(["a".into(), "b".into()]).max_age(60);
            reply.header("vary", "accept-language").held(gate)
        };
        let site = Site::of(profile).await.replying([slow(&first), slow(&others)]);
        let clients: Vec<_> = ["de", "en", "fr", "it", "fr"]
            .map(|language| site.ask(get("/", &[("accept-language", language)])))
            .into();
        rest().await;
        assert_eq!(site.asked(), 1, "{profile}: nothing is known of the Vary");
        first.allow(1);
        rest().await;
        assert_eq!(site.asked(), 4, "{profile}: one for each language");
        first.open();
        others.open();
        assert!(all(clients).await.iter().all(|seen| seen.text == "ab"), "{profile}");
    }
}
