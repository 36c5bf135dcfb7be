//! What is dropped, what is kept, and who waits for it.

use futures_util::FutureExt;
use tokio::{sync::oneshot, task::yield_now};

use super::{Background, OnReactor};

fn gated() -> (oneshot::Sender<()>, selvedge::host::BoxFuture<'static, ()>) {
    let (open, gate) = oneshot::channel::<()>();
    (open, Box::pin(async move { drop(gate.await) }))
}

#[tokio::test]
async fn promised_work_is_kept_however_much_there_is() {
    let background = OnReactor::at_most(1);
    let (opens, works): (Vec<_>, Vec<_>) = (0..5).map(|_| gated()).unzip();
    works.into_iter().for_each(|work| background.promise(work));
    assert_eq!(background.promised(), 5);
    let kept = background.kept();
    let mut kept = std::pin::pin!(kept);
    assert!(kept.as_mut().now_or_never().is_none());
    drop(opens);
    kept.await;
    assert_eq!(background.promised(), 0);
}

#[tokio::test]
async fn work_that_may_be_left_undone_is_dropped_beyond_a_number() {
    let background = OnReactor::at_most(1);
    let (first, work) = gated();
    background.run(work);
    let (second, dropped) = gated();
    background.run(dropped);
    yield_now().await;
    assert!(second.is_closed() && !first.is_closed());
    drop(first);
    while background.under_way.load(std::sync::atomic::Ordering::Relaxed) > 0 {
        yield_now().await;
    }
    let (third, work) = gated();
    background.run(work);
    yield_now().await;
    assert!(!third.is_closed());
}

#[tokio::test]
async fn nothing_promised_is_nothing_to_wait_for() {
    OnReactor::at_most(0).kept().await;
}

#[test]
fn work_that_has_no_reactor_any_more_is_not_waited_for() {
    let background = OnReactor::at_most(1);
    let (_open, work) = gated();
    background.promise(work);
    assert_eq!(background.promised(), 0);
}
