//! A read that the POP has made before, as a handler waits for it: through the binding, the host and the POP.

use std::time::Instant;

use selvedge::{Binding, Service, prelude::*};
use selvedge_bench::{Outcome, samples::Latencies};
use selvedge_testkit::Edge;

use crate::figures::{said, show};

const READS: usize = 200_000;

const MANIFEST: &str = r#"
manifest_version = 1
name = "bench"
[pops.LHR]
[kv_stores.items]
[services.reader]
type = "compute"
handler = "reader"
domains = ["reader.localhost"]
links.items = { kv_store = "items" }
"#;

#[kv_store("items")]
struct Items;

/// Answers nothing of interest: the measurement calls the binding itself.
fn reader() -> Service {
    Service::new("reader", Router::new().fallback(|_: Items| async {}), vec![Items::NEED])
}

pub(crate) async fn measure() -> Outcome<()> {
    let edge = Edge::from_toml(MANIFEST).service(reader()).start().await;
    let items: Items = edge.bind("reader");
    items.put("k", &Bytes::from(vec![b'v'; 1024])).await.map_err(said)?;
    items.get("k").await.map_err(said)?;
    let mut latencies = Latencies::new()?;
    for _ in 0..READS {
        let start = Instant::now();
        let found = items.get("k").await.map_err(said)?;
        latencies.add(start.elapsed());
        assert!(found.is_some_and(|value| value.len() == 1024), "the item is gone");
    }
    show("cached read, 1 KiB, from a binding", &latencies);
    Ok(())
}
