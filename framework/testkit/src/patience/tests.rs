use std::{
    future::{pending, poll_fn},
    panic::Location,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use selvedge_runtime::clock::ManualClock;

use super::Patience;
use crate::origin::Stage;

#[tokio::test]
#[should_panic(expected = "the clock or a gate holds back")]
async fn an_await_that_nobody_ends_says_so() {
    let stage = Stage::new(Arc::new(ManualClock::at(0)));
    let _held = stage.hold(pending());
    let (mut patience, asked_at) = (Patience::default(), Location::caller());
    poll_fn(|cx| {
        // What is held back is seen when the patience has come to its end; the bell rings for it.
        patience.check_for(Duration::from_millis(1), cx, &stage, asked_at);
        Poll::<()>::Pending
    })
    .await;
}

#[tokio::test]
async fn where_nothing_is_held_back_nobody_loses_patience() {
    let stage = Stage::new(Arc::new(ManualClock::at(0)));
    let (mut patience, asked_at) = (Patience::default(), Location::caller());
    let mut polls = 0;
    poll_fn(|cx| {
        patience.check_for(Duration::ZERO, cx, &stage, asked_at);
        polls += 1;
        cx.waker().wake_by_ref();
        if polls < 3 { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
}
