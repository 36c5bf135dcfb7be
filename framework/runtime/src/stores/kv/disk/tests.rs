use std::{fs, path::Path};

use redb::{Database, TableDefinition};

use selvedge::store::kv::KvQuery;

use super::{
    DiskKv, OpenError,
    open::{Access, database, prepared, with},
};
use crate::stores::{
    kv::{
        KvEngine,
        contract::{NOW, kv_key, store_id, write},
    },
    sim::Sim,
};

mod no_room;
mod power_cut;
mod slow;

const FACTS: TableDefinition<'_, &str, u64> = TableDefinition::new("facts");

impl Sim {
    /// Opens the engine on it.
    fn engine(&self) -> Result<DiskKv, OpenError> {
        let (disk, path) = (self.clone(), Path::new("simulated"));
        let open = move |access| prepared(path, || with(path, disk.clone(), access));
        DiskKv::open_with(Box::new(open), path)
    }
}

fn open(path: &Path) -> OpenError {
    DiskKv::open(path).unwrap_err()
}

fn write_facts(path: &Path, schema: u64) {
    let database = Database::create(path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(FACTS).unwrap().insert("schema", schema).unwrap();
    transaction.commit().unwrap();
}

#[test]
fn another_schema_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kv.redb");
    drop(DiskKv::open(&path).unwrap());
    for schema in [1, 3] {
        write_facts(&path, schema);
        let expected = format!(
            "KV file `{}` has schema {schema}, this version knows schema 2 only\n  hint: the version that wrote \
             it opens it; `--state-dir` names another directory for state, and `cargo xtask dev --ephemeral` makes one \
             that goes with the node",
            path.display()
        );
        assert_eq!(open(&path).to_string(), expected);
    }
}

#[test]
fn a_file_of_something_else_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kv.redb");
    for text in ["not a database, but a text\n".repeat(1000), "short".to_owned()] {
        fs::write(&path, &text).unwrap();
        let error = open(&path);
        assert!(matches!(error, OpenError::Corrupted { .. }), "{error:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_foreign_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kv.redb");
    let database = Database::create(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(TableDefinition::<u64, u64>::new("theirs")).unwrap();
    transaction.commit().unwrap();
    drop(database);
    let error = open(&path);
    assert!(matches!(error, OpenError::Corrupted { .. }), "{error:?}");
}

#[test]
fn a_file_out_of_reach_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing").join("kv.redb");
    let error = open(&path);
    assert!(matches!(error, OpenError::Io { .. }), "{error:?}");
    assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    assert!(matches!(open(folder.path()), OpenError::Io { .. }));
}

/// What a crash while the file is being made leaves behind.
#[test]
fn an_empty_file_is_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kv.redb");
    fs::write(&path, "").unwrap();
    DiskKv::open(&path).unwrap();
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kv.redb");
    let _engine = DiskKv::open(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

/// Damage of every kind is an error, at the latest when the damaged part is used, in a file that nobody read through before.
#[tokio::test]
async fn a_damaged_file_never_panics_its_caller() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kv.redb");
    let store = store_id("s");
    let engine = DiskKv::open(&path).unwrap();
    for number in 0..20 {
        let key = kv_key(&number.to_string());
        engine.put(&store, &key, write(vec![b'v'; 500]), NOW).await.unwrap();
    }
    drop(engine);
    let sound = fs::read(&path).unwrap();
    let used = sound.iter().rposition(|byte| *byte != 0).unwrap();
    let mut opened = 0;
    for step in 0..60 {
        let mut damaged = sound.clone();
        let at = used * step / 60;
        for byte in damaged.iter_mut().skip(at).take(100) {
            *byte ^= 0xa5;
        }
        damaged.truncate(if step % 4 == 1 { used * step / 60 } else { sound.len() });
        fs::write(&path, damaged).unwrap();
        let owned = path.clone();
        let unchecked = Box::new(move |_| database(&owned, Access::Whole));
        let Ok(engine) = DiskKv::open_with(unchecked, &path) else { continue };
        opened += 1;
        let _ = engine.get(&store, &kv_key("1"), NOW).await;
        let _ = engine.list(&store, KvQuery::default(), NOW).await;
        let _ = engine.put(&store, &kv_key("1"), write("new"), NOW).await;
    }
    assert!(opened > 5, "{opened} damaged files were opened");
}

/// redb's own pages included, where damage would show only when something is written, and not as an error.
#[tokio::test]
async fn damage_anywhere_in_a_file_that_is_not_large_is_refused_at_start_or_healed() {
    let folder = tempfile::tempdir().unwrap();
    let (path, store) = (folder.path().join("kv.redb"), store_id("s"));
    let engine = DiskKv::open(&path).unwrap();
    for number in 0..60 {
        let key = kv_key(&number.to_string());
        engine.put(&store, &key, write(vec![b'v'; 500]), NOW).await.unwrap();
    }
    let killed = fs::read(&path).unwrap();
    drop(engine);
    let closed = fs::read(&path).unwrap();
    let (mut refused, mut healed) = (0, 0);
    for (sound, page) in [&killed, &closed].into_iter().flat_map(pages) {
        for len in [64, 4096] {
            let mut damaged = sound.clone();
            damaged.iter_mut().skip(page * 4096).take(len).for_each(|byte| *byte ^= 0xa5);
            fs::write(&path, &damaged).unwrap();
            match DiskKv::open(&path) {
                Ok(engine) => {
                    all_is_there(&engine).await;
                    healed += 1;
                }
                Err(error) => {
                    assert!(matches!(error, OpenError::Corrupted { .. }), "{page}: {error:?}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 20 && healed > 20, "{refused} refused, {healed} healed");
}

/// The pages of a file that have anything on them.
fn pages(file: &Vec<u8>) -> impl Iterator<Item = (&Vec<u8>, usize)> {
    let pages = file.chunks(4096).enumerate();
    pages.filter(|(_, page)| page.iter().any(|byte| *byte != 0)).map(move |(at, _)| (file, at))
}

async fn all_is_there(engine: &DiskKv) {
    let store = store_id("s");
    for number in 0..60 {
        let found = engine.get(&store, &kv_key(&number.to_string()), NOW).await.unwrap();
        assert_eq!(found.unwrap().value.into_bytes(), vec![b'v'; 500], "{number}");
    }
    engine.put(&store, &kv_key("new"), write("new"), NOW).await.unwrap();
    engine.delete(&store, &kv_key("0"), None, NOW).await.unwrap();
}
