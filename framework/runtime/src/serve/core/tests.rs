//! A core that ends waits for what handlers left for later.

use futures_util::FutureExt;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::sync::oneshot;

use super::{Cut, drain};
use crate::background::{Background, OnReactor};

#[tokio::test]
async fn work_left_for_later_is_waited_for_and_then_nothing_was_cut() {
    let background = OnReactor::at_most(1);
    let (open, gate) = oneshot::channel::<()>();
    background.promise(Box::pin(async move { drop(gate.await) }));
    let mut drained = Box::pin(drain(GracefulShutdown::new(), &background));
    assert!((&mut drained).now_or_never().is_none());
    drop(open);
    assert_eq!(drained.await, Cut::default());
}

#[tokio::test(start_paused = true)]
async fn work_that_does_not_end_is_cut_and_counted() {
    let background = OnReactor::at_most(1);
    background.promise(Box::pin(std::future::pending()));
    let cut = drain(GracefulShutdown::new(), &background).await;
    assert_eq!(cut, Cut { connections: 0, work: 1 });
}
