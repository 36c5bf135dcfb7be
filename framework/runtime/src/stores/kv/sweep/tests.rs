use std::{sync::Arc, time::Duration};

use futures_util::FutureExt;
use selvedge::store::kv::KvWrite;

use super::{SWEEP_EVERY_MS, sweeping};
use crate::{
    clock::{Clock, ManualClock},
    stores::kv::{
        KvEngine, MemoryKv,
        contract::{NOW, Store, write},
    },
};

#[tokio::test]
async fn what_is_over_goes_though_nobody_writes() {
    let engine: Arc<dyn KvEngine> = Arc::new(MemoryKv::new());
    let store = Store::new(&engine, "s");
    let ttl = Some(Duration::from_millis(SWEEP_EVERY_MS));
    store.put("brief", KvWrite { ttl, ..write("v") }).await.unwrap();
    let clock = Arc::new(ManualClock::at(NOW));
    let mut loops = Box::pin(sweeping(Arc::clone(&engine), Arc::clone(&clock) as Arc<dyn Clock>));
    for (advance, left) in [(SWEEP_EVERY_MS - 1, 1), (1, 0)] {
        assert!(loops.as_mut().now_or_never().is_none());
        clock.advance(Duration::from_millis(advance));
        assert!(loops.as_mut().now_or_never().is_none());
        // With the clock of before the item would still be there.
        assert_eq!(store.count(9).await, left, "after {advance} more");
    }
}
