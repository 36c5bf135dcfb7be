//! The manifest's first items: written where there is nothing, never over data.

use std::future::Future;

use futures_util::future::join_all;
use selvedge::{
    Refusal, Result,
    store::kv::{InsertMode, KvWrite},
};
use selvedge_account::Account;
use selvedge_model::{
    key::KvKey,
    limits::KV_VALUE_MAX,
    manifest::{KvSeed, Manifest},
    name::{StoreKind, StoreName},
};

use super::KvEngine;
use crate::stores::source::Sources;

/// A seed with its value read.
struct Ready<'a> {
    store: &'a StoreName,
    key: &'a KvKey,
    write: KvWrite,
}

/// Writes the manifest's seeds with mode add.
///
/// Sources are read when this is called, before anything is awaited; if one of them has a problem, nothing is written.
///
/// # Errors
/// The future's: every problem of every seed, each naming store and key.
pub fn seed<'a>(
    engine: &'a dyn KvEngine,
    manifest: &'a Manifest,
    account: &'a Account,
    sources: Sources<'_>,
    now_ms: u64,
) -> impl Future<Output = Result<(), Vec<String>>> + Send + use<'a> {
    let ready = read_all(manifest, sources);
    async move {
        // All at once, so that an engine that groups writes commits them together.
        let writes = ready?.into_iter().map(|seed| write(engine, account, seed, now_ms));
        none(join_all(writes).await.into_iter().filter_map(Result::err).collect())
    }
}

/// Whether every seed's source can be read.
///
/// # Errors
/// Every problem of every seed, each naming store and key.
pub fn check_seeds(manifest: &Manifest, sources: Sources<'_>) -> Result<(), Vec<String>> {
    read_all(manifest, sources).map(drop)
}

fn read_all<'a>(
    manifest: &'a Manifest,
    sources: Sources<'_>,
) -> Result<Vec<Ready<'a>>, Vec<String>> {
    let mut ready = Vec::new();
    let mut problems = Vec::new();
    for (store, seeds) in &manifest.kv_stores {
        for seed in seeds {
            match read(store, seed, sources) {
                Ok(seed) => ready.push(seed),
                Err(what) => problems.push(problem(store, &seed.key, &what)),
            }
        }
    }
    none(problems).map(|()| ready)
}

fn read<'a>(
    store: &'a StoreName,
    seed: &'a KvSeed,
    sources: Sources<'_>,
) -> Result<Ready<'a>, String> {
    let write = KvWrite {
        value: sources.read(&seed.value, KV_VALUE_MAX)?.into(),
        mode: InsertMode::Add,
        metadata: seed.metadata.clone(),
        ..KvWrite::default()
    };
    Ok(Ready { store, key: &seed.key, write })
}

async fn write(
    engine: &dyn KvEngine,
    account: &Account,
    seed: Ready<'_>,
    now_ms: u64,
) -> Result<(), String> {
    let failed = |what: String| problem(seed.store, seed.key, &what);
    let store = account.declared_store(StoreKind::Kv, seed.store.as_str());
    let store = store.ok_or_else(|| failed("the account has no such store".to_owned()))?;
    match engine.put(&store.id, seed.key, seed.write, now_ms).await {
        Ok(_) => Ok(()),
        Err(error) if error.refusal() == Refusal::PreconditionFailed => Ok(()),
        Err(error) => Err(failed(error.chain())),
    }
}

fn problem(store: &StoreName, key: &KvKey, what: &str) -> String {
    format!("KV store `{store}`, seed `{key}`: {what}", key = key.as_str())
}

fn none(problems: Vec<String>) -> Result<(), Vec<String>> {
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}
