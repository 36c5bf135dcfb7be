//! What is no request is refused, and a client that goes on sending hears of it all the same: the node takes in what comes for
//! a while (RFC 9112 section 9.6). Without that the system would end the connection with a reset, and what the client has not
//! read would be lost.

use std::time::Duration;

use selvedge_testkit::Lanes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, split},
    time::sleep,
};

use super::edge::edge;

/// What a connection holds on its way.
const HOLDS: usize = 10_000;
/// Much more than that.
static MORE: [u8; 1 << 20] = [b'y'; 1 << 20];
/// Longer than the node waits for more.
const LONG: Duration = Duration::from_secs(6);

const LARGE: &str = "GET /large HTTP/1.1\r\nHost: site.localhost\r\n\r\n";
const LAST: &str = "GET /small HTTP/1.1\r\nHost: site.localhost\r\nConnection: close\r\n\r\n";
/// After it the connection is not the lane's any more.
const ODD: &str =
    "GET /small HTTP/1.1\r\nHost: site.localhost\r\nConnection: keep-alive, x-a\r\n\r\n";

/// What is no request, and what is said of it.
fn refused() -> [(String, &'static str); 4] {
    let long = "z".repeat(100_000);
    [
        ("GET /\x01 HTTP/1.1\r\nHost: site.localhost\r\n\r\n".to_owned(), "400"),
        ("GET / HTTP/1.1\r\nno field\r\n\r\n".to_owned(), "400"),
        ("\0\x01\x02".to_owned(), "400"),
        (format!("GET / HTTP/1.1\r\nX-Long: {long}{long}\r\n\r\n"), "431"),
    ]
}

/// Everything up to the end, read slowly.
async fn heard(heard: &mut ReadHalf<DuplexStream>) -> String {
    let (mut all, mut portion) = (Vec::new(), [0; 5_000]);
    loop {
        match heard.read(&mut portion).await.unwrap() {
            0 => return String::from_utf8(all).unwrap(),
            length => all.extend_from_slice(&portion[..length]),
        }
        sleep(Duration::from_millis(5)).await;
    }
}

fn statuses(heard: &str) -> Vec<&str> {
    heard.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect()
}

#[tokio::test(start_paused = true)]
async fn who_goes_on_hears_all_good_answers_and_the_refusal() {
    let edge = edge().await;
    for (bad, status) in refused() {
        for (good, lanes) in [
            ([LARGE, LARGE, LARGE], Lanes::Open),
            ([LARGE, ODD, LARGE], Lanes::Open),
            ([LARGE, LARGE, LARGE], Lanes::Closed),
        ] {
            let (mut hears, mut says) = split(edge.wire(HOLDS, lanes));
            let saying = async {
                says.write_all(good.concat().as_bytes()).await?;
                says.write_all(bad.as_bytes()).await?;
                says.write_all(&MORE).await
            };
            let (said, heard) = tokio::join!(saying, heard(&mut hears));
            assert!(said.is_ok(), "{bad:.20} {lanes:?}: nothing of it is refused by the system");
            assert_eq!(statuses(&heard), ["200", "200", "200", status], "{bad:.20} {lanes:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_goes_on_only_then_is_listened_to_for_a_while() {
    let edge = edge().await;
    for lanes in [Lanes::Open, Lanes::Closed] {
        for before in ["", LARGE, ODD] {
            for (bad, status) in refused() {
                let (mut hears, mut says) = split(edge.wire(HOLDS, lanes));
                let text = [before, &bad].concat();
                let (said, heard) =
                    tokio::join!(says.write_all(text.as_bytes()), heard(&mut hears));
                assert!(said.is_ok() && statuses(&heard).last() == Some(&status), "{heard:.500}");
                assert!(says.write_all(&MORE).await.is_ok(), "{before:.20} {bad:.20} {lanes:?}");
                sleep(LONG).await;
                assert!(says.write_all(b"y").await.is_err(), "not for ever");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_has_the_answer_to_the_last_request_is_not_waited_for() {
    let edge = edge().await;
    for lanes in [Lanes::Open, Lanes::Closed] {
        for before in ["", LARGE, ODD] {
            let (mut hears, mut says) = split(edge.wire(HOLDS, lanes));
            let text = [before, LAST].concat();
            let (said, heard) = tokio::join!(says.write_all(text.as_bytes()), heard(&mut hears));
            assert!(said.is_ok() && heard.ends_with("0123456789"), "{heard:.500}");
            assert!(says.write_all(b"y").await.is_err(), "{before:.20} {lanes:?}");
        }
    }
}
