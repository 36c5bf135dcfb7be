use std::{fs, path::Path};

use redb::TableDefinition;
use selvedge_account::{Account, Fresh, Maker};
use selvedge_model::name::StoreKind;

use super::*;
use crate::stores::sim::{Room, Sim};

mod damage;
mod power_cut;

/// Ids in order.
struct Counted(u64);

impl Fresh for Counted {
    fn now_ms(&self) -> u64 {
        1
    }

    fn bits(&mut self) -> u128 {
        self.0 += 1;
        u128::from(self.0)
    }
}

impl Sim {
    /// Opens the account's file on it.
    pub(in crate::account) fn rows(&self) -> Result<(DiskRows, Found), OpenError> {
        let disk = self.clone();
        let open = move || {
            let database = Database::builder().create_with_backend(disk.clone());
            let unreadable = |cause: redb::Error| match cause {
                redb::Error::Io(cause) => OpenError::Io { path: "disk".into(), cause },
                cause => OpenError::unreadable(cause),
            };
            let database = database.map_err(|cause| unreadable(cause.into()))?;
            tables::prepare(&database).map_err(unreadable)?;
            Ok(database)
        };
        DiskRows::by(Box::new(open))
    }
}

/// An account with so many secret stores.
fn account(stores: u64) -> Account {
    let (mut account, mut fresh) = (Account::default(), Counted(0));
    for number in 0..stores {
        let name = format!("s{number}");
        account.create_store(StoreKind::Secret, &name, Maker::Person, &mut fresh).unwrap();
    }
    account
}

fn write(file: &DiskRows, old: &Account, new: &Account) -> Result<(), WriteError> {
    file.write(&changes(old, new), new)
}

fn refused(path: &Path) -> OpenError {
    DiskRows::open(path).map(drop).unwrap_err()
}

#[test]
fn what_was_written_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account.redb");
    let (file, found) = DiskRows::open(&path).unwrap();
    assert_eq!((found.account, found.facts.key_check), (Account::default(), None));
    write(&file, &Account::default(), &account(3)).unwrap();
    write(&file, &account(3), &account(2)).unwrap();
    file.write_with_key(&[], b"check").unwrap();
    assert!(matches!(refused(&path), OpenError::InUse { .. }));
    drop(file);
    let (_, found) = DiskRows::open(&path).unwrap();
    assert_eq!((found.account, found.facts.key_check), (account(2), Some(b"check".to_vec())));
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account.redb");
    drop(DiskRows::open(&path).unwrap());
    let facts: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("account_facts");
    let database = Database::open(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction
        .open_table(facts)
        .unwrap()
        .insert("schema", 3_u64.to_le_bytes().as_slice())
        .unwrap();
    transaction.commit().unwrap();
    drop(database);
    for _ in 0..2 {
        let error = refused(&path);
        let expected = format!(
            "account file `{}` has schema 3, this version knows schemas up to 2\n  hint: ",
            path.display()
        );
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
}

#[test]
fn what_is_not_ours_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account.redb");
    for text in ["not a database, but a text\n".repeat(1000), "short".to_owned()] {
        fs::write(&path, &text).unwrap();
        assert!(matches!(refused(&path), OpenError::Corrupted { .. }));
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    fs::remove_file(&path).unwrap();
    let database = Database::create(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(TableDefinition::<u64, u64>::new("theirs")).unwrap();
    transaction.commit().unwrap();
    drop(database);
    assert!(matches!(refused(&path), OpenError::Corrupted { .. }));
    assert!(matches!(refused(&folder.path().join("missing/account.redb")), OpenError::Io { .. }));
}

#[test]
fn a_row_that_makes_no_sense_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account.redb");
    let (file, _) = DiskRows::open(&path).unwrap();
    let row = ("planet/earth".to_owned(), Some(b"{}".to_vec()));
    file.write(&[row], &Account::default()).unwrap();
    drop(file);
    let error = refused(&path).to_string();
    assert!(error.contains("row `planet/earth` of the account is damaged"), "{error}");
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account.redb");
    let _file = DiskRows::open(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_full_disk_is_said_and_written_again_once_there_is_room() {
    for room in [Room::NoMore, Room::None] {
        let disk = Sim::default();
        let (file, _) = disk.rows().unwrap();
        let mut stores = 2;
        write(&file, &Account::default(), &account(stores)).unwrap();
        disk.set_room(room);
        // What the file has room for within itself is still written.
        while write(&file, &account(stores), &account(stores + 50)).is_ok() {
            stores += 50;
        }
        for _ in 0..3 {
            let outcome = write(&file, &account(stores), &account(stores + 5000));
            assert!(matches!(outcome, Err(WriteError::Full)), "{room:?}: {outcome:?}");
        }
        disk.set_room(Room::Plenty);
        // What failed may have reached the disk in part; what is written next is the whole truth.
        write(&file, &account(stores), &account(stores + 1)).unwrap();
        drop(file);
        assert_eq!(disk.rows().unwrap().1.account, account(stores + 1), "{room:?}");
    }
}
