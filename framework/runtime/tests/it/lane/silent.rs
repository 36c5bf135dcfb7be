//! How long a client may be silent: before a head begins, and until it has all come.

use std::time::Duration;

use selvedge_testkit::Lanes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Instant, sleep},
};

use super::{Client, GET, ROOM, edge::edge};

/// Hardly shorter than a client may be silent.
const LONG: Duration = Duration::from_millis(29_900);
/// As long as that.
const LIMIT: Duration = Duration::from_secs(30);

/// After it the connection is not the lane's any more.
const ODD: &str =
    "GET /small HTTP/1.1\r\nHost: site.localhost\r\nConnection: keep-alive, x-a\r\n\r\n";
/// hyper answers it, and it is the lane's turn again.
const PRIVATE: &str = "GET /private HTTP/1.1\r\nHost: site.localhost\r\n\r\n";

/// A client that has heard the answers to these.
async fn client(asked: &[&str], lanes: Lanes) -> Client {
    let mut client = Client::of(&edge().await, ROOM, lanes);
    for ask in asked {
        client.say(ask).await;
        client.hear(end(ask)).await;
    }
    client
}

fn end(ask: &str) -> &'static str {
    if ask == PRIVATE { "private" } else { "0123456789" }
}

/// What was asked before, with and without a lane.
fn cases() -> impl Iterator<Item = (&'static [&'static str], Lanes)> {
    BEFORE.into_iter().flat_map(|before| [(before, Lanes::Open), (before, Lanes::Closed)])
}

const BEFORE: [&[&str]; 6] = [&[], &[GET], &[ODD], &[PRIVATE], &[PRIVATE, GET], &[GET, ODD, GET]];

#[tokio::test(start_paused = true)]
async fn who_begins_no_head_is_let_go() {
    for (before, lanes) in cases() {
        let mut client = client(before, lanes).await;
        let since = Instant::now();
        assert!(client.is_let_go().await);
        assert_eq!(since.elapsed().as_secs(), LIMIT.as_secs(), "{before:?} {lanes:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_head_that_begins_late_has_as_much_time_as_any() {
    for (before, lanes) in cases() {
        let mut client = client(before, lanes).await;
        for _ in 0..3 {
            for half in [&GET[..20], &GET[20..]] {
                sleep(LONG).await;
                client.say(half).await;
            }
            assert!(client.hear("0123456789").await.starts_with("HTTP/1.1 200 OK"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_head_that_keeps_coming_has_no_more_than_that() {
    for (before, lanes) in cases() {
        for beginning in ["GET /small HTTP/1.1\r\n", "\r\n", "G"] {
            let mut client = client(before, lanes).await;
            sleep(LONG).await;
            client.say(beginning).await;
            let Client { mut heard, mut says } = client;
            let since = Instant::now();
            let dripping = async {
                while says.write_all(b"X").await.is_ok() {
                    sleep(Duration::from_secs(1)).await;
                }
            };
            let ends = async { (heard.read(&mut [0]).await.unwrap(), since.elapsed()) };
            let ((length, took), ()) = tokio::join!(ends, dripping);
            assert_eq!((length, took.as_secs()), (0, LIMIT.as_secs()), "{before:?} {lanes:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_answer_begins_the_time_anew() {
    for lanes in [Lanes::Open, Lanes::Closed] {
        let mut client = client(&[], lanes).await;
        for ask in [GET, GET, PRIVATE, GET, PRIVATE, ODD, GET, PRIVATE] {
            sleep(LONG).await;
            client.say(ask).await;
            client.hear(end(ask)).await;
        }
        let last = Instant::now();
        assert!(client.is_let_go().await);
        assert_eq!(last.elapsed().as_secs(), LIMIT.as_secs());
    }
}
