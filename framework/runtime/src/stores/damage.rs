//! Panics of redb over damaged pages: caught, and told in our words in the place of redb's.
//!
//! Catching a panic does not keep its text from standard error. That is up to the one hook of the process, which belongs to
//! whoever owns the process: the command line (`cli`) asks here whose panic it is. Nothing is set where nobody asks.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// What becomes of a panic that is caught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caught {
    /// Whoever wanted the work done is told, and says so.
    Told,
    /// Work of a thread that serves many; nobody may hear of it but the log.
    Logged,
}

thread_local! {
    static CAUGHT: Cell<Option<Caught>> = const { Cell::new(None) };
}

/// Does work on a file of redb; `None` where redb panics.
pub(crate) fn guarded<T>(caught: Caught, work: impl FnOnce() -> T) -> Option<T> {
    let before = CAUGHT.replace(Some(caught));
    let done = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(before);
    done.ok()
}

/// What becomes of a panic on this thread at this moment; `None` for one that is none of ours.
pub(crate) fn caught() -> Option<Caught> {
    CAUGHT.get()
}

#[cfg(test)]
mod tests {
    use super::{Caught, caught, guarded};

    #[test]
    fn only_guarded_work_is_caught() {
        assert_eq!(caught(), None);
        let within = guarded(Caught::Logged, || {
            let inner = guarded(Caught::Told, || -> Option<Caught> { panic!("{:?}", caught()) });
            (inner, caught())
        });
        assert_eq!(within, Some((None, Some(Caught::Logged))));
        assert_eq!(caught(), None);
    }
}
