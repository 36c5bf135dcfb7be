//! The testkit at its borders: what a test says, and what it is told.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod broken;
mod errors;
mod face;
mod faults;
mod panics;
mod purges;
mod same;
mod shop;
mod stores;
mod strict;
mod time;

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;

/// What a failing test says.
pub(crate) async fn failure(test: impl Future<Output = ()>) -> String {
    let panic = AssertUnwindSafe(test).catch_unwind().await.unwrap_err();
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => (*panic.downcast_ref::<&str>().unwrap()).to_owned(),
    }
}
