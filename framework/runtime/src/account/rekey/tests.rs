use std::{fs, path::Path};

use fastrand::Rng;
use selvedge_account::{Fresh, Maker, SecretMode};
use selvedge_model::{id::StoreId, name::StoreKind};

use super::*;
use crate::{
    account::{Repeatable, fresh::Draw, kept::Kept, live::KEY_CHECK},
    clock::ManualClock,
    stores::sim::Sim,
};

const SECRETS: usize = 30;

fn random() -> Arc<dyn Random> {
    Arc::new(Repeatable::default())
}

fn key(byte: &str) -> SecretKey {
    SecretKey::parse(&byte.repeat(32)).unwrap()
}

fn sealer(key: &SecretKey) -> Sealer {
    Sealer::new(key, random())
}

fn text(number: usize) -> Vec<u8> {
    format!("secret-seed-{number}").into_bytes()
}

/// An account with secrets, under this key.
fn account(sealer: &Sealer) -> Account {
    let (mut account, random) = (Account::default(), Repeatable::default());
    let mut fresh = Draw::new(1, &random).unwrap();
    let fresh: &mut dyn Fresh = &mut fresh;
    let made = account.create_store(StoreKind::Secret, "keys", Maker::Person, fresh).unwrap();
    let store = made.id.clone();
    for number in 0..SECRETS {
        let name = number.to_string();
        let sealed = sealer.seal((store.as_str(), &name), &Secret::new(text(number)));
        let mode = SecretMode::Create;
        account.put_secret(store.as_str(), &name, mode, sealed, fresh).unwrap();
    }
    account
}

fn store(account: &Account) -> StoreId {
    account.stores(StoreKind::Secret).next().unwrap().id.clone()
}

/// Whether a key opens all of it: the check, and every secret.
fn opens(found: &Found, sealer: &Sealer) -> bool {
    let store = store(&found.account);
    let is_right = |number: usize| {
        let name = number.to_string();
        let secret = found.account.secret(store.as_str(), &name).unwrap();
        let plain = sealer.open((store.as_str(), &name), &secret.sealed);
        plain.is_some_and(|plain| plain.plaintext() == text(number))
    };
    let check = found.facts.key_check.as_deref().unwrap();
    sealer.open(KEY_CHECK, check).is_some() && (0..SECRETS).all(is_right)
}

/// The power goes at any moment: then all of it is under the one key or under the other.
#[test]
fn a_power_cut_leaves_everything_under_one_key() {
    let (old, new) = (sealer(&key("0a")), sealer(&key("0b")));
    let (mut under_old, mut under_new) = (0, 0);
    for seed in 0..300 {
        let (disk, mut rng) = (Sim::default(), Rng::with_seed(seed));
        let (file, _) = disk.rows().unwrap();
        let before = account(&old);
        let rows = changes(&Account::default(), &before);
        file.write_with_key(&rows, &key_check(&old)).unwrap();
        disk.dies_after(rng.u64(1..40));
        let outcome = seal_anew(&file, &before, (&old, &new));
        disk.dies();
        drop(file);
        disk.comes_back(&mut rng);
        let (_, found) = disk.rows().unwrap();
        match (opens(&found, &old), opens(&found, &new)) {
            (true, false) => under_old += 1,
            (false, true) => under_new += 1,
            _ => panic!("seed {seed}: half of it"),
        }
        assert!(outcome.is_err() || opens(&found, &new), "seed {seed}: acknowledged, and gone");
    }
    assert!(under_old > 20 && under_new > 20, "{under_old} and {under_new}");
}

fn none(_: &str) -> Option<String> {
    None
}

fn open(
    folder: &Path,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Arc<LiveAccount>, OpenError> {
    let state = StateDir::open(folder).unwrap();
    LiveAccount::open(&state, env, Arc::new(ManualClock::at(1)), random())
}

/// A state directory with secrets under the key of its file, which is returned.
fn folder() -> (tempfile::TempDir, SecretKey) {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path(), &none).unwrap());
    let state = StateDir::open(folder.path()).unwrap();
    let key = SecretKey::find(&state, &none, crate::account::key::Missing::Refuse).unwrap();
    let (file, _) = DiskRows::open(&state.account_path()).unwrap();
    let sealer = sealer(&key);
    let rows = changes(&Account::default(), &account(&sealer));
    file.write_with_key(&rows, &key_check(&sealer)).unwrap();
    (folder, key)
}

fn has_all(live: &LiveAccount) -> bool {
    let store = store(&live.now());
    let is_right = |number: usize| {
        let found = live.secret(&store, &number.to_string());
        found.is_some_and(|plain| plain.plaintext() == text(number))
    };
    matches!(live.kept, Kept::OnDisk(_)) && (0..SECRETS).all(is_right)
}

#[test]
fn a_key_takes_the_place_of_the_one_before() {
    let (folder, old) = folder();
    let digest = |live: &LiveAccount| {
        let account = live.now();
        account.secret(store(&account).as_str(), "1").unwrap().digest.clone()
    };
    let before = digest(&open(folder.path(), &none).unwrap());
    let state = StateDir::open(folder.path()).unwrap();
    let rekeyed = rekey(&state, &none, &random()).unwrap();
    assert_eq!(rekeyed, Rekeyed { secrets: SECRETS, key: KeyPlace::File });
    let new = SecretKey::find(&state, &none, crate::account::key::Missing::Refuse).unwrap();
    assert_ne!(new.bytes(), old.bytes());
    drop(state);
    let live = open(folder.path(), &none).unwrap();
    assert!(has_all(&live));
    assert_ne!(digest(&live), before, "what is shown tells nothing of the old key either");
    let mut files: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["account.redb", "lock", "secret-key"]);
}

#[test]
fn a_key_that_is_given_is_kept_nowhere() {
    let (folder, _) = folder();
    let given = "0c".repeat(32);
    let as_new = |name: &str| (name == NEW_KEY_VARIABLE).then(|| given.clone());
    let as_key = |name: &str| (name == KEY_VARIABLE).then(|| given.clone());
    let state = StateDir::open(folder.path()).unwrap();
    let malformed = |name: &str| (name == NEW_KEY_VARIABLE).then(|| "short".to_owned());
    let error = rekey(&state, &malformed, &random()).unwrap_err().to_string();
    assert!(error.starts_with("`SELVEDGE_NEW_SECRET_KEY` holds no secret key"), "{error}");
    let rekeyed = rekey(&state, &as_new, &random()).unwrap();
    assert_eq!(rekeyed, Rekeyed { secrets: SECRETS, key: KeyPlace::Environment });
    drop(state);
    assert!(matches!(open(folder.path(), &none), Err(OpenError::KeyWrong)));
    assert!(has_all(&open(folder.path(), &as_key).unwrap()));
}

/// Killed before the commit, after it, and between the changes of names.
#[test]
fn a_change_of_keys_that_was_interrupted_is_brought_to_its_end() {
    for done in 0..3 {
        let (folder, old) = folder();
        let state = StateDir::open(folder.path()).unwrap();
        let next = next_key(&state).unwrap();
        if done > 0 {
            let (file, Found { account, .. }) = DiskRows::open(&state.account_path()).unwrap();
            seal_anew(&file, &account, (&sealer(&old), &sealer(&next))).unwrap();
        }
        if done > 1 {
            fs::rename(state.secret_key_path(), folder.path().join("secret-key-old")).unwrap();
        }
        drop(state);
        assert!(has_all(&open(folder.path(), &none).unwrap()), "{done}");
        let state = StateDir::open(folder.path()).unwrap();
        let key = SecretKey::find(&state, &none, crate::account::key::Missing::Refuse).unwrap();
        let expected = if done > 0 { &next } else { &old };
        assert_eq!(key.bytes(), expected.bytes(), "{done}");
        // Once more, from wherever that was.
        assert_eq!(rekey(&state, &none, &random()).unwrap().secrets, SECRETS, "{done}");
        drop(state);
        assert!(has_all(&open(folder.path(), &none).unwrap()), "{done}");
    }
}
