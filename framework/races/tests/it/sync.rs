//! The model checker's locks and counters for [`flight`](crate::flight), and a small watch channel made of them.
//!
//! tokio's own channel is taken to be right. This one promises the same, a value that all who wait see change, and gives
//! the checker a place to switch threads before each of its operations.

pub(crate) use shuttle::sync::{Mutex, MutexGuard, atomic};

pub(crate) mod watch {
    use std::{
        future::poll_fn,
        ops::Deref,
        sync::Arc,
        task::{Poll, Waker},
    };

    use super::{Mutex, MutexGuard};

    struct State<T> {
        value: T,
        is_over: bool,
        wakers: Vec<Waker>,
    }

    pub(crate) struct Sender<T>(Arc<Mutex<State<T>>>);

    pub(crate) struct Receiver<T>(Arc<Mutex<State<T>>>);

    pub(crate) struct Ref<'a, T>(MutexGuard<'a, State<T>>);

    pub(crate) fn channel<T>(value: T) -> (Sender<T>, Receiver<T>) {
        let state = Arc::new(Mutex::new(State { value, is_over: false, wakers: Vec::new() }));
        (Sender(Arc::clone(&state)), Receiver(state))
    }

    impl<T> Sender<T> {
        pub(crate) fn send_replace(&self, value: T) -> T {
            self.change(|state| std::mem::replace(&mut state.value, value))
        }

        pub(crate) fn send_if_modified(&self, modify: impl FnOnce(&mut T) -> bool) -> bool {
            self.change(|state| modify(&mut state.value))
        }

        fn change<R>(&self, change: impl FnOnce(&mut State<T>) -> R) -> R {
            let mut state = self.0.lock().unwrap();
            let changed = change(&mut state);
            let wakers = std::mem::take(&mut state.wakers);
            drop(state);
            wakers.into_iter().for_each(Waker::wake);
            changed
        }
    }

    impl<T> Drop for Sender<T> {
        fn drop(&mut self) {
            self.change(|state| state.is_over = true);
        }
    }

    impl<T> Receiver<T> {
        pub(crate) fn borrow(&self) -> Ref<'_, T> {
            Ref(self.0.lock().unwrap())
        }

        /// For conditions that stay true once they are.
        pub(crate) async fn wait_for(
            &mut self,
            mut is_met: impl FnMut(&T) -> bool,
        ) -> Result<Ref<'_, T>, ()> {
            poll_fn(|cx| {
                let mut state = self.0.lock().unwrap();
                if is_met(&state.value) || state.is_over {
                    return Poll::Ready(());
                }
                state.wakers.push(cx.waker().clone());
                Poll::Pending
            })
            .await;
            let state = self.0.lock().unwrap();
            if is_met(&state.value) { Ok(Ref(state)) } else { Err(()) }
        }
    }

    impl<T> Clone for Receiver<T> {
        fn clone(&self) -> Self {
            Self(Arc::clone(&self.0))
        }
    }

    impl<T> Deref for Ref<'_, T> {
        type Target = T;

        fn deref(&self) -> &T {
            &self.0.value
        }
    }
}
