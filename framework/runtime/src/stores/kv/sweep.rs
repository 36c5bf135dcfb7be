//! Removing what is over though nobody writes: a loop beside the node's own.

use std::sync::Arc;

use super::{KvEngine, Progress};
use crate::clock::Clock;

/// How long after one sweep the next begins. What is over is not served meanwhile; it only takes room.
const SWEEP_EVERY_MS: u64 = 60_000;

/// Sweeps for as long as it is polled. A sweep that fails is left to the next one.
pub async fn sweeping(engine: Arc<dyn KvEngine>, clock: Arc<dyn Clock>) {
    loop {
        clock.sleep(SWEEP_EVERY_MS).await;
        while matches!(engine.sweep(clock.now_ms()).await, Ok(Progress::More)) {}
    }
}

#[cfg(test)]
mod tests;
