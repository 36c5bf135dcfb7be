//! Files that were changed behind the node's back, and files that are looked at only.

use super::*;

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

/// The file's bytes after some writes, and the account in it.
fn written(path: &Path) -> (Vec<u8>, Account) {
    let (file, _) = DiskRows::open(path).unwrap();
    file.write_with_key(&[], b"check").unwrap();
    write(&file, &Account::default(), &account(40)).unwrap();
    write(&file, &account(40), &account(30)).unwrap();
    drop(file);
    (fs::read(path).unwrap(), account(30))
}

/// A byte that the disk gives back wrongly is noticed, or means nothing.
#[test]
fn no_flipped_byte_makes_another_account() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account.redb");
    let (sound, account) = written(&path);
    let used = sound.iter().rposition(|byte| *byte != 0).unwrap();
    let (mut rng, mut refused) = (fastrand::Rng::with_seed(5), 0);
    let of_header = 0..512_usize;
    let anywhere = std::iter::repeat_with(|| rng.usize(0..=used)).take(600);
    for at in of_header.chain(anywhere).collect::<Vec<_>>() {
        let mut damaged = sound.clone();
        damaged[at] ^= 1 << rng.u8(0..8);
        fs::write(&path, damaged).unwrap();
        match DiskRows::look(&path) {
            Ok(found) => {
                let Found { account: read, facts } = found.unwrap();
                assert!(changes(&read, &account).is_empty(), "byte {at} of the file");
                assert_eq!(facts.key_check.as_deref(), Some(b"check".as_slice()), "byte {at}");
            }
            Err(error) => {
                refused += 1;
                let error = error.to_string();
                let named = format!("account file `{}` ", path.display());
                assert!(error.starts_with(&named) && error.contains("\n  hint: "), "{error}");
            }
        }
    }
    assert!(refused > 50, "{refused}");
}

#[test]
fn to_look_at_a_file_leaves_it_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account.redb");
    assert!(DiskRows::look(&path).unwrap().is_none());
    assert!(!path.exists());
    let (sound, account) = written(&path);
    assert!(DiskRows::look(&path).unwrap().unwrap().account == account);
    assert!(fs::read(&path).unwrap() == sound);
    // One that was not closed.
    let (file, _) = DiskRows::open(&path).unwrap();
    let open = fs::read(&path).unwrap();
    drop(file);
    fs::write(&path, &open).unwrap();
    assert!(DiskRows::look(&path).unwrap().unwrap().account == account);
    assert!(fs::read(&path).unwrap() == open);
}

/// A file of the first version has no digest before it is written to.
#[test]
fn a_file_of_the_first_version_is_read_and_gets_its_digest() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account.redb");
    written(&path);
    let facts: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("account_facts");
    let edit = |schema: u64, digest: Option<&[u8]>| {
        let database = Database::open(&path).unwrap();
        let transaction = database.begin_write().unwrap();
        let mut facts = transaction.open_table(facts).unwrap();
        facts.insert("schema", schema.to_le_bytes().as_slice()).unwrap();
        match digest {
            Some(digest) => drop(facts.insert("digest", digest).unwrap()),
            None => drop(facts.remove("digest").unwrap()),
        }
        drop(facts);
        transaction.commit().unwrap();
    };
    edit(1, None);
    let (file, found) = DiskRows::open(&path).unwrap();
    write(&file, &found.account, &account(31)).unwrap();
    drop(file);
    let (file, found) = DiskRows::open(&path).unwrap();
    assert!(found.account == account(31));
    drop(file);
    edit(2, Some(&[7; 32]));
    assert!(refused(&path).to_string().contains("does not hold what was written to it"));
    edit(2, None);
    refused(&path);
}
