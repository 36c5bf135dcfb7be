//! Long bodies on the lane: whole and in order for every reader, whoever asks how often and whatever happens meanwhile.

use std::time::Duration;

use bytes::Buf;
use selvedge::Body;
use selvedge_runtime::{
    edge::Arrival, interim::Interim, reply::Reply, serve::serve_stream, soon::Soon,
};
use selvedge_testkit::{Edge, Lanes, ok};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    time::sleep,
};

use super::{
    edge::{edge, long},
    in_a_reactor,
};

/// What a connection holds on its way, where its client is slow.
const NARROW: usize = 1_000;

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: site.localhost\r\n\r\n")
}

/// Says all of this, and reads up to the end of what is answered, so many bytes at once and with a pause after every so
/// many readings.
async fn conversation(mut wire: DuplexStream, says: &str, at_once: usize, pause: Pause) -> Vec<u8> {
    wire.write_all(says.as_bytes()).await.unwrap();
    let (mut heard, mut portion, mut times) = (Vec::new(), vec![0; at_once], 0);
    loop {
        let length = wire.read(&mut portion).await.unwrap();
        heard.extend_from_slice(&portion[..length]);
        if length == 0 {
            return heard;
        }
        times += 1;
        if times % pause.after == 0 {
            sleep(pause.time).await;
        }
    }
}

#[derive(Clone, Copy)]
struct Pause {
    after: usize,
    time: Duration,
}

/// Hardly one.
const NONE: Pause = Pause { after: usize::MAX, time: Duration::ZERO };
/// One that is longer than a client may be silent.
const LONG: Pause = Pause { after: 200, time: Duration::from_secs(40) };

/// Every body that was answered, by the lengths that the heads say.
fn bodies(mut heard: &[u8]) -> Vec<String> {
    let mut bodies = Vec::new();
    while !heard.is_empty() {
        let end = heard.windows(4).position(|it| it == b"\r\n\r\n").unwrap() + 4;
        let (head, rest) = heard.split_at(end);
        let head = std::str::from_utf8(head).unwrap();
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        let length = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
        let (body, rest) = rest.split_at(length.parse().unwrap());
        bodies.push(String::from_utf8(body.to_vec()).unwrap());
        heard = rest;
    }
    bodies
}

#[test]
fn slow_and_fast_readers_get_every_byte_of_all_that_they_asked_for_at_once() {
    let paths = ["/long", "/small", "/large", "/16k", "/long", "/long", "/small"];
    let last = get("/small").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let says = paths.map(get).concat() + &last;
    let (small, large, k16) = ("0123456789".to_owned(), "l".repeat(70_000), "s".repeat(16 * 1024));
    let expected = [long(), small.clone(), large, k16, long(), long(), small.clone(), small];
    for (holds, at_once, pause) in [
        (NARROW, 700, LONG),
        (NARROW, 4_000, NONE),
        (600, 64, NONE),
        (1 << 20, 9_999, NONE),
        (4 << 20, 1 << 20, LONG),
    ] {
        for lanes in [Lanes::Open, Lanes::Closed] {
            let heard = in_a_reactor(async {
                let wire = edge().await.wire(holds, lanes);
                conversation(wire, &says, at_once, pause).await
            });
            assert!(bodies(&heard) == expected, "{holds} {at_once} {lanes:?}");
        }
    }
}

#[tokio::test]
async fn a_long_hit_is_sent_from_where_it_lies() {
    let edge = edge().await;
    for host in ["site", "front"] {
        let uri = format!("http://{host}.localhost/long");
        let mut request = http::Request::get(uri).body(Body::empty()).unwrap();
        let arrival = Arrival::from(None, "http");
        let reply = edge.entrance().edge().reply(&mut request, &arrival, Interim::default());
        let Soon::Now(Reply::Stored(stored)) = reply else { panic!("{host}: not as it is stored") };
        let mut head = Vec::new();
        let body = stored.write(&mut head).unwrap().unwrap();
        assert!(head.ends_with(b"\r\n\r\n") && head.len() < 1_000, "{host}");
        assert_eq!(body.remaining(), long().len(), "{host}");
    }
}

#[test]
fn an_older_client_gets_all_of_it_up_to_the_end_of_its_connection() {
    let says = get("/long").replace("HTTP/1.1", "HTTP/1.0");
    let heard = in_a_reactor(async {
        conversation(edge().await.wire(NARROW, Lanes::Open), &says, 999, LONG).await
    });
    assert!(heard.starts_with(b"HTTP/1.0 200 OK\r\n") && heard.ends_with(long().as_bytes()));
}

#[test]
fn a_head_alone_has_the_length_and_no_body() {
    let head = get("/long").replace("GET", "HEAD");
    let says = head + &get("/small").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let heard = in_a_reactor(async {
        conversation(edge().await.wire(1 << 20, Lanes::Open), &says, 4_000, NONE).await
    });
    let heard = String::from_utf8(heard).unwrap();
    assert!(heard.contains(&format!("\r\ncontent-length: {}\r\n", long().len())), "{heard}");
    assert_eq!(heard.matches("HTTP/1.1 200 OK\r\n").count(), 2);
    assert!(heard.len() < 2_000 && heard.ends_with("\r\n\r\n0123456789"));
}

/// Asks, and reads the head and the beginning of the body.
async fn begun(edge: &Edge) -> (DuplexStream, Vec<u8>) {
    let mut wire = edge.wire(NARROW, Lanes::Open);
    let says = get("/long").replace("\r\n\r\n", "\r\nConnection: keep-alive\r\n\r\n");
    wire.write_all(says.as_bytes()).await.unwrap();
    let mut beginning = vec![0; 50_000];
    wire.read_exact(&mut beginning).await.unwrap();
    (wire, beginning)
}

#[tokio::test(start_paused = true)]
async fn who_reads_a_body_that_is_purged_gets_the_rest_of_it_and_the_next_one_is_new() {
    let edge = edge().await;
    let (mut wire, mut heard) = begun(&edge).await;
    let _ = edge.purge("site").all();
    edge.origin("site", "origin").on("/long").reply(ok("short").max_age(60));
    let again = get("/long").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    wire.write_all(again.as_bytes()).await.unwrap();
    wire.read_to_end(&mut heard).await.unwrap();
    assert_eq!(bodies(&heard), [long(), "short".to_owned()]);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_goes_away_in_the_middle_ends_its_connection() {
    let edge = edge().await;
    let (mut client, server) = duplex(NARROW);
    let served = tokio::spawn(serve_stream(edge.entrance().clone(), server, None, Lanes::Open));
    client.write_all(get("/long").as_bytes()).await.unwrap();
    client.read_exact(&mut vec![0; 50_000]).await.unwrap();
    // However long it takes nothing, it is the system that lets it go.
    sleep(Duration::from_secs(200)).await;
    assert!(!served.is_finished());
    drop(client);
    assert!(served.await.unwrap().is_err(), "it did not get all of its answer");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_has_said_all_gets_all() {
    let (mut wire, mut heard) = begun(&edge().await).await;
    wire.shutdown().await.unwrap();
    wire.read_to_end(&mut heard).await.unwrap();
    assert_eq!(bodies(&heard), [long()]);
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_let_go_when_its_client_is_silent_after_a_long_answer() {
    let (mut wire, mut heard) = begun(&edge().await).await;
    sleep(Duration::from_secs(100)).await;
    wire.read_to_end(&mut heard).await.unwrap();
    assert_eq!(bodies(&heard), [long()]);
}
