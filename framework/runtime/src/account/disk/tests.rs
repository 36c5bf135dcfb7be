use std::{
    fs, io,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use redb::{StorageBackend, TableDefinition};
use selvedge_account::{Account, Fresh, Maker};
use selvedge_model::name::StoreKind;

use super::*;

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
    file.note_key_check(b"check").unwrap();
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
        .insert("schema", 2_u64.to_le_bytes().as_slice())
        .unwrap();
    transaction.commit().unwrap();
    drop(database);
    for _ in 0..2 {
        let error = refused(&path);
        let expected = format!(
            "account file `{}` has schema 2, this version knows schemas up to 1",
            path.display()
        );
        assert_eq!(error.to_string(), expected);
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

/// Damage of every kind is an error, and never a panic of whoever opens the file.
#[test]
fn a_damaged_file_never_panics_its_caller() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account.redb");
    let (file, _) = DiskRows::open(&path).unwrap();
    write(&file, &Account::default(), &account(40)).unwrap();
    drop(file);
    let sound = fs::read(&path).unwrap();
    let used = sound.iter().rposition(|byte| *byte != 0).unwrap();
    let mut refused = 0;
    for step in 0..60 {
        let mut damaged = sound.clone();
        for byte in damaged.iter_mut().skip(used * step / 60).take(100) {
            *byte ^= 0xa5;
        }
        fs::write(&path, damaged).unwrap();
        match DiskRows::open(&path) {
            Ok((file, found)) => drop(write(&file, &found.account, &account(1))),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 0);
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

/// A disk that can be full; clones are the same one.
#[derive(Clone, Debug, Default)]
pub(in crate::account) struct Disk {
    bytes: Arc<Mutex<Vec<u8>>>,
    full: Arc<AtomicBool>,
}

impl Disk {
    pub(in crate::account) fn file(&self) -> (DiskRows, Found) {
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
        DiskRows::by(Box::new(open)).unwrap()
    }

    pub(in crate::account) fn set_full(&self, full: bool) {
        self.full.store(full, Ordering::Relaxed);
    }

    fn room(&self) -> io::Result<()> {
        match self.full.load(Ordering::Relaxed) {
            true => Err(io::ErrorKind::StorageFull.into()),
            false => Ok(()),
        }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.bytes.lock().unwrap().len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let (bytes, start) = (self.bytes.lock().unwrap(), usize::try_from(offset).unwrap());
        out.copy_from_slice(&bytes[start..start + out.len()]);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.room()?;
        self.bytes.lock().unwrap().resize(usize::try_from(len).unwrap(), 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.room()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.room()?;
        let (mut bytes, start) = (self.bytes.lock().unwrap(), usize::try_from(offset).unwrap());
        bytes[start..start + data.len()].copy_from_slice(data);
        Ok(())
    }
}

#[test]
fn a_full_disk_is_said_and_written_again_once_there_is_room() {
    let disk = Disk::default();
    let (file, _) = disk.file();
    write(&file, &Account::default(), &account(2)).unwrap();
    disk.set_full(true);
    for _ in 0..3 {
        let outcome = write(&file, &account(2), &account(9));
        assert!(matches!(outcome, Err(WriteError::Full)), "{outcome:?}");
    }
    disk.set_full(false);
    // What failed may have reached the disk in part; what is written next is the whole truth.
    write(&file, &account(2), &account(3)).unwrap();
    drop(file);
    assert_eq!(disk.file().1.account, account(3));
}
