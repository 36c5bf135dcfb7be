//! What may be there at once: an answer, or the future that has yet to make it.
//!
//! A hit needs nothing but what is in memory. As an `async fn` it would be answered at once all the same, but every layer on
//! the way would carry the room for a miss, and whoever has no reactor at hand could not ask.

use std::{
    future::pending,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use selvedge::host::BoxFuture;

/// A value, or when it comes.
pub enum Soon<T> {
    /// It is there.
    Now(T),
    /// It has to be waited for. Nothing more happens before that.
    Later(BoxFuture<'static, T>),
}

impl<T: Send + 'static> Soon<T> {
    /// The same, and then this.
    pub fn then<U>(self, next: impl FnOnce(T) -> U + Send + 'static) -> Soon<U> {
        match self {
            Self::Now(value) => Soon::Now(next(value)),
            Self::Later(future) => Soon::Later(Box::pin(async move { next(future.await) })),
        }
    }

    /// The same after one look at the future: it may be there by now.
    #[must_use]
    pub fn begun(self, cx: &mut Context<'_>) -> Self {
        let Self::Later(mut future) = self else { return self };
        match future.as_mut().poll(cx) {
            Poll::Ready(value) => Self::Now(value),
            Poll::Pending => Self::Later(future),
        }
    }

    /// A future in a box, whatever it is.
    #[must_use]
    pub fn boxed(self) -> BoxFuture<'static, T> {
        match self {
            Self::Now(value) => Box::pin(std::future::ready(value)),
            Self::Later(future) => future,
        }
    }
}

/// Waits, if need be.
impl<T: Send + Unpin + 'static> Future for Soon<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        if let Self::Later(future) = &mut *self {
            return future.as_mut().poll(cx);
        }
        // A value is given once. The box of what never comes is an empty one.
        match mem::replace(&mut *self, Self::Later(Box::pin(pending()))) {
            Self::Now(value) => Poll::Ready(value),
            Self::Later(_) => Poll::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    use super::Soon;

    #[tokio::test]
    async fn what_comes_next_comes_after_the_value() {
        let done = Arc::new(AtomicBool::new(false));
        let next = || {
            let done = Arc::clone(&done);
            move |number: u8| {
                done.store(true, Ordering::Relaxed);
                number + 1
            }
        };
        assert!(matches!(Soon::Now(1).then(next()), Soon::Now(2)));
        assert!(done.swap(false, Ordering::Relaxed), "it was there, so what is next is done");
        let later = Soon::Later(Box::pin(async { 1 })).then(next());
        assert!(!done.load(Ordering::Relaxed), "nobody has waited for it");
        assert_eq!((later.await, Soon::Now(3).await, Soon::Now(4).boxed().await), (2, 3, 4));
        assert!(done.load(Ordering::Relaxed));
    }
}
