use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    time::{Instant, sleep},
};

use super::{LAST, LONGEST, Linger, MOST, SILENCE, Stop, Unread};

/// A connection that is being shut down while a body may still be coming, and how long that takes.
fn closing(unread: Arc<Unread>) -> (DuplexStream, impl Future<Output = Duration>) {
    closing_until(unread, None)
}

fn closing_until(
    unread: Arc<Unread>,
    stop: Option<Stop>,
) -> (DuplexStream, impl Future<Output = Duration>) {
    let (client, server) = duplex(1 << 16);
    let mut server = Linger::new(server, unread, |_| ()).until(stop);
    let closing = async move {
        let began = Instant::now();
        server.shutdown().await.unwrap();
        began.elapsed()
    };
    (client, closing)
}

fn left() -> Arc<Unread> {
    let unread = Arc::new(Unread::default());
    unread.leave();
    unread
}

#[tokio::test(start_paused = true)]
async fn who_is_sending_nothing_is_not_waited_for() {
    let unread = left();
    unread.begin();
    let (_client, closing) = closing(unread);
    assert_eq!(closing.await, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn what_comes_is_taken_in_until_the_client_ends() {
    let (mut client, closing) = closing(left());
    let sending = async move {
        for _ in 0..5 {
            sleep(SILENCE / 2).await;
            client.write_all(&[7; 100_000]).await.unwrap();
        }
        // The node has said that it has no more to say.
        assert_eq!(client.read(&mut [0]).await.unwrap(), 0);
    };
    let (took, ()) = tokio::join!(closing, sending);
    assert_eq!(took, SILENCE / 2 * 5);
}

#[tokio::test(start_paused = true)]
async fn bytes_that_lie_there_are_enough_to_wait_for_more() {
    let (mut client, closing) = closing(Arc::default());
    client.write_all(b"nobody asked").await.unwrap();
    assert_eq!(closing.await, SILENCE);
}

#[tokio::test(start_paused = true)]
async fn a_node_that_stops_waits_no_longer_than_it_takes_to_read_an_answer() {
    for told_after in [Duration::ZERO, Duration::from_secs(2)] {
        let (tell, stop) = tokio::sync::watch::channel(false);
        let (_client, closing) = closing_until(left(), Some(stop));
        let telling = async move {
            sleep(told_after).await;
            tell.send(true).unwrap();
        };
        assert_eq!(tokio::join!(closing, telling).0, told_after + LAST);
    }
}

#[tokio::test(start_paused = true)]
async fn silence_ends_it_and_so_does_time_and_so_do_bytes() {
    let (_client, silent) = closing(left());
    assert_eq!(silent.await, SILENCE);
    let (mut client, dripping) = closing(left());
    let drip = async move {
        while client.write_all(b"x").await.is_ok() {
            sleep(Duration::from_secs(1)).await;
        }
    };
    assert_eq!(tokio::join!(dripping, drip).0, LONGEST);
    let (mut client, flooded) = closing(left());
    let flood = async move {
        let mut sent = 0;
        while client.write_all(&[7; 1 << 16]).await.is_ok() {
            sent += 1 << 16;
        }
        sent
    };
    let (took, sent) = tokio::join!(flooded, flood);
    assert_eq!(took, Duration::ZERO);
    assert!((MOST..MOST + (1 << 20)).contains(&sent), "{sent}");
}
