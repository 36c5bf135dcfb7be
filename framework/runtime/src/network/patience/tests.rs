use std::{
    cell::Cell,
    future::{pending, ready},
};

use tokio::time::sleep;

use super::*;

const LIMIT: Duration = Duration::from_secs(3);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn connecting_does_not_count() {
    let began = Instant::now();
    let silent = || Wait::Backend(None);
    let head = head_within(pending::<()>(), sleep(seconds(10)), silent, LIMIT).await;
    assert_eq!((head, began.elapsed()), (None, seconds(13)));
    let head = head_within(sleep(seconds(12)), sleep(seconds(10)), silent, LIMIT).await;
    assert_eq!(head, Some(()));
    // What fails before there is a connection has an answer, too.
    let head = head_within(ready(7), pending(), silent, LIMIT).await;
    assert_eq!(head, Some(7));
}

#[tokio::test(start_paused = true)]
async fn the_time_runs_from_what_was_written_last() {
    let began = Instant::now();
    let wrote = Cell::new(began);
    let writes = async {
        for _ in 0..4 {
            sleep(seconds(2)).await;
            wrote.set(Instant::now());
        }
        pending::<()>().await;
    };
    let wait = || Wait::Backend(Some(wrote.get()));
    assert_eq!(head_within(writes, ready(()), wait, LIMIT).await, None);
    assert_eq!(began.elapsed(), seconds(11), "three after the last of four writes");
    // A connection that was written to long before it was used again.
    let again = Instant::now();
    assert_eq!(head_within(pending::<()>(), ready(()), wait, LIMIT).await, None);
    assert_eq!(again.elapsed(), LIMIT);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_its_time_does_not_make_the_backend_late() {
    let began = Instant::now();
    let sent = Cell::new(None);
    let upload = async {
        sleep(seconds(20)).await;
        sent.set(Some(Instant::now()));
        pending::<()>().await;
    };
    let wait = || sent.get().map_or(Wait::Client, |sent| Wait::Backend(Some(sent)));
    assert_eq!(head_within(upload, ready(()), wait, LIMIT).await, None);
    assert_eq!(began.elapsed(), seconds(23));
}
