//! The locks and counters that the shelf is made of, named once, so that a model checker can put its own in their place
//! (`framework/races`). `Arc` and `OnceLock` are the standard library's either way: nothing waits for them.

#[cfg(not(shuttle))]
pub(crate) use std::sync::{Mutex, MutexGuard, atomic};

#[cfg(shuttle)]
pub(crate) use shuttle::sync::{Mutex, MutexGuard, atomic};
