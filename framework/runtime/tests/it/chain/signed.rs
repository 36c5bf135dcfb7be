//! Mode `signed`: who gets into a service that requires a token.

use selvedge_testkit::{Edge, Refusal};

use super::{MANIFEST, SECRET, direct, edge, token};

#[tokio::test]
async fn a_signed_chain_gets_in_and_its_second_answer_is_a_hit() {
    let edge = edge().await;
    let first = edge.get("http://front.localhost/").await;
    assert_eq!((first.status.as_u16(), first.text().as_str()), (200, "hello"));
    let second = edge.get("http://front.localhost/").await;
    assert_eq!(second.header("x-cache"), "HIT, MISS");
    assert_eq!(second.header("x-served-by"), "cache-lhr1-LHR, cache-lhr1-LHR");
    let status = second.header("cache-status");
    assert_eq!(status, r#""LHR/back"; hit; ttl=60, "LHR/front"; fwd=bypass; detail=requested"#);
    assert_eq!(edge.origin("back", "origin").count(), 1);
}

#[tokio::test]
async fn the_token_stops_where_it_was_checked() {
    let edge = edge().await;
    edge.get("http://front.localhost/").await;
    let arrived = edge.origin("back", "origin").arrived();
    assert!(!arrived[0].headers.contains_key("edge-auth"));
    assert_eq!(arrived[0].headers["cdn-loop"], "selvedge;node=0000000000000000");
}

#[tokio::test]
async fn strangers_are_told_no_more_than_403() {
    let edge = edge().await;
    let now = edge.now_ms();
    let good = token("1", SECRET, now);
    let altered_time = good.replace(&(now / 1000).to_string(), &(now / 1000 + 1).to_string());
    let altered_pop = good.replace("LHR", "IAD");
    let cases: [(&[&str], Refusal); 9] = [
        (&[], Refusal::ChainTokenMissing),
        (&[""], Refusal::ChainTokenMalformed),
        (&["forged"], Refusal::ChainTokenMalformed),
        (&[&good, &good], Refusal::ChainTokenMalformed),
        (&[&token("1", "a guess", now)], Refusal::ChainSignatureWrong),
        (&[&altered_time], Refusal::ChainSignatureWrong),
        (&[&altered_pop], Refusal::ChainSignatureWrong),
        (&[&token("9", SECRET, now)], Refusal::ChainSecretUnknown),
        (&[&token("2", SECRET, now)], Refusal::ChainSignatureWrong),
    ];
    for (tokens, refusal) in cases {
        let answer = edge.send(direct(tokens)).await;
        assert_eq!(answer.status.as_u16(), 403, "{tokens:?}");
        assert_eq!(answer.hop("back").refused.as_ref().unwrap().0, refusal, "{tokens:?}");
        assert!(!answer.text().contains(SECRET) && !answer.text().contains("signature"));
    }
    assert_eq!(edge.origin("back", "origin").count(), 0);
    assert_eq!(edge.send(direct(&[&good])).await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_token_is_good_for_less_than_two_seconds_either_way() {
    let edge = edge().await;
    let now = edge.now_ms();
    assert_eq!(now % 1000, 0, "the token's time is whole seconds");
    for (ahead_ms, valid) in [(0_u64, true), (1_999, true), (2_000, false), (60_000, false)] {
        let (edge, now) = (self::edge().await, now);
        let signed = token("1", SECRET, now);
        edge.advance(std::time::Duration::from_millis(ahead_ms)).await;
        let answer = edge.send(direct(&[&signed])).await;
        assert_eq!(answer.status.as_u16() == 200, valid, "{ahead_ms} ms later");
    }
    for (seconds_ahead, valid) in [(1, true), (2, false), (3600, false)] {
        let signed = token("1", SECRET, now + seconds_ahead * 1000);
        let answer = edge.send(direct(&[&signed])).await;
        assert_eq!(answer.status.as_u16() == 200, valid, "signed {seconds_ahead} s ahead");
    }
}

#[tokio::test]
async fn a_secret_that_is_not_there_is_the_services_fault() {
    let manifest = MANIFEST.replace(r#"edge_auth_secret_id = "1""#, r#"edge_auth_secret_id = "7""#);
    let edge = Edge::from_toml(&manifest).env("CHAIN_SECRET", SECRET).start().await;
    let answer = edge.get("http://front.localhost/").await;
    assert_eq!(answer.status.as_u16(), 500);
    assert_eq!(answer.header("error-reason"), "chain secret missing");
}
