use std::{collections::BTreeMap, path::Path, sync::Arc};

use selvedge_account::{Account, Fresh, Maker};
use selvedge_model::{
    manifest::{KvSeed, Manifest, Source},
    name::StoreKind,
};

use super::{
    DiskKv, KvEngine, MemoryKv, OpenError,
    contract::{self, NOW, Store, kv_key, store_name, write},
    seed,
};
use crate::stores::source::Sources;

fn disk(folder: &Path) -> Arc<dyn KvEngine> {
    Arc::new(DiskKv::open(&folder.join("kv.redb")).unwrap())
}

#[tokio::test]
async fn memory_passes_the_contract() {
    contract::check(Arc::new(MemoryKv::new())).await;
}

#[tokio::test]
async fn disk_passes_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    contract::check(disk(folder.path())).await;
}

#[tokio::test]
async fn disk_keeps_data_and_generations_when_reopened() {
    let folder = tempfile::tempdir().unwrap();
    let kept = Store::new(&disk(folder.path()), "s").put("kept", write("1")).await.unwrap();
    let deleted = {
        let store = Store::new(&disk(folder.path()), "s");
        let deleted = store.put("deleted", write("1")).await.unwrap();
        store.delete("deleted", None).await.unwrap();
        deleted
    };
    let store = Store::new(&disk(folder.path()), "s").at(0);
    let entry = store.get("kept").await.unwrap();
    assert_eq!((entry.head.generation, entry.value.into_bytes().as_ref()), (kept, b"1".as_slice()));
    assert_eq!(store.get("deleted").await, None);
    assert!(store.put("deleted", write("2")).await.unwrap() > deleted);
}

#[tokio::test]
async fn dropping_finishes_writes_that_nobody_waits_for() {
    let folder = tempfile::tempdir().unwrap();
    {
        let store = Store::new(&disk(folder.path()), "s");
        let puts = (0..50).map(|number| {
            let store = store.clone();
            async move { store.put(&number.to_string(), write("v")).await }
        });
        let mut puts = futures_util::future::join_all(puts.map(Box::pin));
        // Polled once, every write is in the queue; then everybody goes away.
        assert!(futures_util::FutureExt::now_or_never(&mut puts).is_none());
    }
    let store = Store::new(&disk(folder.path()), "s");
    assert_eq!(store.list(Default::default()).await.unwrap().keys.len(), 50);
}

#[test]
fn a_file_is_open_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kv.redb");
    let first = DiskKv::open(&path).unwrap();
    let error = DiskKv::open(&path).unwrap_err();
    assert!(matches!(error, OpenError::InUse { .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!("KV file `{}` is in use by another node", path.display())
    );
    drop(first);
    DiskKv::open(&path).unwrap();
}

fn manifest(seeds: Vec<KvSeed>) -> Manifest {
    let text = "manifest_version = 1\nname = \"t\"\n[pops.LHR]\n[kv_stores.s]\n\
        [services.d]\ntype = \"delivery\"\ndomains = [\"d.localhost\"]\n\
        [services.d.backends.o]\nurl = \"http://127.0.0.1:9\"\n";
    let (manifest, problems) = Manifest::parse(text);
    let mut manifest = manifest.unwrap_or_else(|| panic!("{}", problems.render("t")));
    manifest.kv_stores = BTreeMap::from([(store_name("s"), seeds)]);
    manifest
}

/// An account with the store `s`.
fn account() -> Account {
    struct Named(&'static str);
    impl Fresh for Named {
        fn now_ms(&self) -> u64 {
            NOW
        }
        fn bits(&mut self) -> u128 {
            contract::bits(self.0)
        }
    }
    let mut account = Account::default();
    account.create_store(StoreKind::Kv, "s", Maker::Person, &mut Named("s")).unwrap();
    account
}

fn seed_item(key: &str, value: Source) -> KvSeed {
    KvSeed { key: kv_key(key), value, metadata: Some("seed".to_owned()) }
}

#[tokio::test]
async fn seeds_never_overwrite() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("two.txt"), "from file").unwrap();
    let manifest = manifest(vec![
        seed_item("1", Source::Data("from data".to_owned())),
        seed_item("2", Source::File("two.txt".into())),
        seed_item("3", Source::Env("THREE".to_owned())),
    ]);
    let env = |name: &str| (name == "THREE").then(|| "from env".to_owned());
    let engine: Arc<dyn KvEngine> = Arc::new(MemoryKv::new());
    let store = Store::new(&engine, "s");
    store.put("1", write("data")).await.unwrap();
    for _ in 0..2 {
        seed(
            engine.as_ref(),
            &manifest,
            &account(),
            Sources { base_dir: folder.path(), env: &env },
            NOW,
        )
        .await
        .unwrap();
        assert_eq!(store.value("1").await.unwrap(), "data");
        assert_eq!(store.value("2").await.unwrap(), "from file");
        assert_eq!(store.value("3").await.unwrap(), "from env");
        assert_eq!(store.head("3").await.unwrap().metadata, "seed");
    }
}

#[tokio::test]
async fn seed_problems_come_together_and_write_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = manifest(vec![
        seed_item("good", Source::Data("v".to_owned())),
        seed_item("no env", Source::Env("MISSING".to_owned())),
        seed_item("no file", Source::File("missing.txt".into())),
    ]);
    let engine: Arc<dyn KvEngine> = Arc::new(MemoryKv::new());
    let problems = seed(
        engine.as_ref(),
        &manifest,
        &account(),
        Sources { base_dir: folder.path(), env: &|_| None },
        NOW,
    )
    .await;
    let problems = problems.unwrap_err();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert_eq!(
        problems[0],
        "KV store `s`, seed `no env`: environment variable `MISSING` is not set"
    );
    assert!(problems[1].contains("missing.txt` cannot be read"), "{problems:?}");
    assert_eq!(Store::new(&engine, "s").get("good").await, None);
}
