//! What platform.md section 6.8 says of those who wait.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use selvedge_testkit::{Edge, Fault, Gate, Refusal, Reply, ok, status};

use super::{Client, everybody, others};

const MANIFEST: &str = r#"
manifest_version = 1
name = "crowd"
[pops.LHR]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backends.origin = { url = "http://origin.example", connect_timeout_ms = 1000, first_byte_timeout_ms = 9000 }
"#;

const URL: &str = "http://site.localhost/";

async fn edge(replies: impl IntoIterator<Item = Reply>) -> Edge {
    let edge = Edge::from_toml(MANIFEST).start().await;
    for reply in replies {
        let _ = edge.origin("site", "origin").on("/").reply(reply);
    }
    edge
}

fn clients(edge: &Edge, count: usize) -> Vec<Client<'_>> {
    (0..count).map(|_| Client::new(edge.get(URL))).collect()
}

#[tokio::test]
async fn one_fetch_answers_all_who_may_use_what_it_brings() {
    // What is stale at once answers nobody but who asked: the others may not use it unasked.
    for (age, asked) in [(60, 1), (1, 1), (0, 20)] {
        let gate = Gate::closed();
        let edge = edge([ok("one").max_age(age).header("etag", "\"1\"").held(&gate)]).await;
        let mut crowd = clients(&edge, 20);
        assert!(everybody(&mut crowd).await.is_empty());
        gate.open();
        let answers = everybody(&mut crowd).await;
        assert_eq!(answers.len(), 20, "max-age={age}");
        assert!(answers.iter().all(|answer| answer.text() == "one" && !answer.broken));
        assert_eq!(edge.origin("site", "origin").count(), asked, "max-age={age}");
    }
}

#[tokio::test]
async fn one_validation_answers_all_who_may_use_what_it_says() {
    for (age, asked) in [(60, 2), (0, 21)] {
        let gate = Gate::closed();
        let validated = status(304).header("etag", "\"1\"").max_age(age).held(&gate);
        let edge = edge([ok("one").max_age(0).header("etag", "\"1\""), validated]).await;
        edge.get(URL).await;
        let mut crowd = clients(&edge, 20);
        assert!(everybody(&mut crowd).await.is_empty());
        gate.open();
        let answers = everybody(&mut crowd).await;
        assert!(answers.iter().all(|answer| answer.text() == "one"));
        assert_eq!((answers.len(), edge.origin("site", "origin").count()), (20, asked));
    }
}

#[tokio::test]
async fn what_finds_no_room_answers_all_who_waited() {
    let gate = Gate::closed();
    let edge = Edge::from_toml(MANIFEST).shelf_bytes(6_000).start().await;
    let origin = edge.origin("site", "origin");
    let _ = origin.on("/held").reply(ok(vec![0; 700]).max_age(60));
    // There is room for the body, but not for such a head beside what others hold.
    let reply = ok(vec![1; 700]).max_age(60).header("x-long", &"x".repeat(3_000));
    let _ = origin.on("/").reply(reply.held(&gate));
    let mut held = Vec::new();
    for query in 0..2 {
        let url = format!("http://site.localhost/held?{query}");
        edge.get(&url).await;
        let request = http::Request::get(&url).body(selvedge::Body::empty()).unwrap();
        held.push(edge.open(request).await);
    }
    let mut crowd = clients(&edge, 5);
    everybody(&mut crowd).await;
    gate.open();
    let answers = everybody(&mut crowd).await;
    assert!(answers.iter().all(|answer| answer.body == vec![1; 700]));
    assert_eq!((answers.len(), origin.count()), (5, 3));
    edge.get(URL).await;
    assert_eq!(origin.count(), 4, "it is not on the shelf");
}

#[tokio::test]
async fn a_client_who_goes_does_not_take_the_fetch_with_him() {
    let gate = Gate::closed();
    let edge = edge([ok("one").max_age(60).held(&gate)]).await;
    let mut crowd = clients(&edge, 5);
    everybody(&mut crowd).await;
    // Clients are polled in order, so the first one leads.
    drop(crowd.remove(0));
    others().await;
    gate.open();
    let answers = everybody(&mut crowd).await;
    assert!(answers.iter().all(|answer| answer.text() == "one"));
    assert_eq!((answers.len(), edge.origin("site", "origin").count()), (4, 1));
}

#[tokio::test]
async fn whoever_leads_in_vain_hands_over_to_one() {
    let gates = [Gate::closed(), Gate::closed(), Gate::closed()];
    let edge = edge([
        ok("").fault(Fault::Reset).held(&gates[0]),
        status(500).held(&gates[1]),
        ok("three").max_age(60).held(&gates[2]),
    ])
    .await;
    let mut crowd = clients(&edge, 10);
    assert!(everybody(&mut crowd).await.is_empty());
    for (asked, gate) in gates.iter().enumerate() {
        assert_eq!(edge.origin("site", "origin").count(), asked + 1);
        gate.open();
        let answers = everybody(&mut crowd).await;
        match asked {
            0 => assert_eq!(
                answers[0].hop("site").refused.as_ref().unwrap().0,
                Refusal::ConnectionTerminated
            ),
            1 => assert_eq!(answers[0].status, 500),
            _ => assert!(answers.iter().all(|answer| answer.text() == "three")),
        }
        assert_eq!(answers.len(), [1, 1, 8][asked]);
    }
}

#[tokio::test]
async fn nobody_waits_longer_for_several_than_for_one() {
    let failing = |gate: &Gate| ok("").fault(Fault::Timeout).held(gate);
    let gates = [Gate::closed(), Gate::closed(), Gate::closed()];
    let edge = edge(gates.iter().map(failing)).await;
    let mut crowd = clients(&edge, 5);
    for gate in &gates[..2] {
        assert!(everybody(&mut crowd).await.is_empty());
        edge.advance(Duration::from_secs(4)).await;
        gate.open();
        assert_eq!(everybody(&mut crowd).await.len(), 1);
    }
    assert_eq!(edge.origin("site", "origin").count(), 3);
    // Ten seconds are what the origin has to answer; those who waited for so long ask by themselves.
    edge.advance(Duration::from_millis(1_999)).await;
    assert!(everybody(&mut crowd).await.is_empty());
    assert_eq!(edge.origin("site", "origin").count(), 3);
    edge.advance(Duration::from_millis(1)).await;
    assert!(everybody(&mut crowd).await.is_empty());
    assert_eq!(edge.origin("site", "origin").count(), 5);
    gates[2].open();
    assert_eq!(everybody(&mut crowd).await.len(), 3);
}

/// Sends a request and leaves the body unread.
async fn open(edge: &Edge) -> selvedge::Body {
    let request = http::Request::get(URL).body(selvedge::Body::empty()).unwrap();
    edge.open(request).await.into_body()
}

#[tokio::test]
async fn a_reader_who_reads_slowly_but_reads_is_not_cut_off() {
    const PIECE: usize = 64 * 1024;
    let pieces = (0..12_u8).map(|number| Bytes::from(vec![number; PIECE]));
    let edge = Edge::from_toml(MANIFEST).shelf_bytes(32 * PIECE as u64).start().await;
    let reply = ok("").chunks(pieces).max_age(60).header("transfer-encoding", "chunked");
    let _ = edge.origin("site", "origin").on("/").reply(reply);
    let (mut slow, mut idle) = (open(&edge).await, open(&edge).await);
    others().await;
    let mut read = 0;
    while let Some(frame) = slow.frame().await {
        read += frame.unwrap().into_data().unwrap().len();
        others().await;
        edge.advance(Duration::from_secs(20)).await;
        others().await;
    }
    assert_eq!(read, 12 * PIECE);
    // Whoever read nothing all the while got what was there before it was too late, and no more.
    let mut broken = false;
    while let Some(frame) = idle.frame().await {
        broken |= frame.is_err();
    }
    assert!(broken);
}
