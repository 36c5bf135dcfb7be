//! Work that is done for those who wait: while it runs, the host knows whom it must not wait for.

use std::{future::poll_fn, pin::pin};

use crate::host::Obligation;

/// Does the work. What other futures of the handler do meanwhile is not part of it.
pub(super) async fn working<Work: Future>(obligation: &dyn Obligation, work: Work) -> Work::Output {
    let mut work = pin!(work);
    poll_fn(|cx| {
        let _scope = Scope::of(obligation);
        work.as_mut().poll(cx)
    })
    .await
}

/// Left when it is dropped, also by a panic.
struct Scope<'a>(&'a dyn Obligation);

impl<'a> Scope<'a> {
    fn of(obligation: &'a dyn Obligation) -> Self {
        obligation.enter();
        Self(obligation)
    }
}

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}
