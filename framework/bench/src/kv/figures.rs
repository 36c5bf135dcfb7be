//! What is printed, and what all measurements need.

use std::time::Duration;

use selvedge::{
    model::{id::StoreId, key::KvKey, name::StoreKind},
    store::kv::KvWrite,
};
use selvedge_bench::{Outcome, samples::Latencies};

/// Every engine has one store, and every item one time.
pub(crate) const NOW_MS: u64 = 1_750_000_000_000;

pub(crate) fn store() -> StoreId {
    StoreId::made_of(StoreKind::Kv, 1)
}

pub(crate) fn key(number: usize) -> Outcome<KvKey> {
    KvKey::new(format!("item/{number:09}")).map_err(|error| error.to_string().into())
}

pub(crate) fn write(bytes: usize) -> KvWrite {
    KvWrite { value: vec![b'v'; bytes].into(), ..KvWrite::default() }
}

/// An error as text: the platform's own are made for handlers.
pub(crate) fn said(error: selvedge::Error) -> String {
    error.chain()
}

/// One line: the median, the 99th percentile and the count.
pub(crate) fn show(name: &str, latencies: &Latencies) {
    let (median, high) = (latencies.quantile_us(0.5), latencies.quantile_us(0.99));
    println!("{name:<44}{median:>10.1} us p50{high:>10.1} us p99  {:>9.0}", latencies.count());
}

/// One line of another kind.
pub(crate) fn tell(name: &str, value: &str) {
    println!("{name:<44}{value:>10}");
}

pub(crate) fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

/// The resident memory of this process, in bytes.
pub(crate) fn resident() -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).ok_or("no `VmRSS`")?;
    Ok(kib.parse::<u64>()? * 1024)
}
