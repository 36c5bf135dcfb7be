//! The locks, counters and channels that flights are made of, named once, so that a model checker can put its own in
//! their place (`framework/races` compiles [`flight`](crate::flight) beside a `sync` of its own).

pub(crate) use std::sync::{Mutex, MutexGuard, atomic};

pub(crate) use tokio::sync::watch;
