//! An account in use, without a world: keys, changes, what becomes of a change whose caller goes away.

use std::{
    fs,
    path::Path,
    sync::Arc,
    task::{Context, Waker},
};

use selvedge::{Refusal, store::secret::Secret};
use selvedge_account::{Account, Fresh, Maker, Refused, SecretMode};
use selvedge_model::{id::StoreId, name::StoreKind};

use super::{kept::Kept, seal::Sealer, *};
use crate::{
    clock::ManualClock,
    stores::{
        sim::{Room, Sim},
        state_dir::StateDir,
    },
};

fn random() -> Arc<dyn Random> {
    Arc::new(Repeatable::default())
}

fn open(folder: &Path, key: Option<&str>) -> Result<Arc<LiveAccount>, OpenError> {
    let state = StateDir::open(folder).unwrap();
    let env = |name: &str| key.filter(|_| name == KEY_VARIABLE).map(str::to_owned);
    LiveAccount::open(&state, &env, Arc::new(ManualClock::at(1)), random())
}

async fn make_store(live: &Arc<LiveAccount>, name: &str) -> Result<StoreId, ChangeError> {
    let make = |account: &mut Account, fresh: &mut dyn Fresh| {
        account.create_store(StoreKind::Secret, name, Maker::Person, fresh)
    };
    live.change(make).await.map(|store| store.id.clone())
}

async fn put(live: &Arc<LiveAccount>, store: &StoreId, plain: &str) {
    let sealed = live.seal(store, "n", &Secret::new(plain.as_bytes().to_vec()));
    let put = |account: &mut Account, fresh: &mut dyn Fresh| {
        account.put_secret(store.as_str(), "n", SecretMode::CreateOrRecreate, sealed, fresh)
    };
    live.change(put).await.unwrap();
}

fn plain(live: &LiveAccount, store: &StoreId) -> Option<Vec<u8>> {
    live.secret(store, "n").map(|secret| secret.plaintext().to_vec())
}

/// Everything that lies in a folder, one file after the other.
fn everything_in(folder: &Path) -> Vec<u8> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.flat_map(|file| fs::read(file).unwrap()).collect()
}

#[tokio::test]
async fn a_secret_survives_and_its_text_is_nowhere() {
    let folder = selvedge_testkit::produced::folder().unwrap();
    let text = "secret-seed, seen nowhere but in memory";
    let store = {
        let live = open(folder.path(), None).unwrap();
        let store = make_store(&live, "s").await.unwrap();
        put(&live, &store, text).await;
        assert_eq!(plain(&live, &store).unwrap(), text.as_bytes());
        store
    };
    let lies = everything_in(folder.path());
    assert!(!lies.windows(8).any(|window| window == &text.as_bytes()[..8]));
    let live = open(folder.path(), None).unwrap();
    assert_eq!(plain(&live, &store).unwrap(), text.as_bytes());
    assert_eq!(live.secret(&store, "other").map(drop), None);
    let shown = format!("{:?}", live.now());
    assert!(!shown.contains("secret-seed"), "{shown}");
    println!("{shown}");
}

#[tokio::test]
async fn another_key_is_refused_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, other) = ("0a".repeat(32), "0B".repeat(32));
    drop(open(folder.path(), Some(&ours)).unwrap());
    assert!(!folder.path().join("secret-key").exists());
    let said = |key: Option<&str>| open(folder.path(), key).map(drop).unwrap_err().to_string();
    assert_eq!(
        said(Some(&other)),
        "the secrets here are sealed with another secret key\n  hint: it comes from \
         `SELVEDGE_SECRET_KEY`, else from the file `secret-key` of the state directory; where it is lost, `--forget-secrets` starts without them"
    );
    // No key is made where one is missing.
    assert!(said(None).starts_with("the secrets here are sealed with a key that is gone"));
    assert!(!folder.path().join("secret-key").exists());
    for malformed in ["", "0a", &"0a".repeat(33), &"zz".repeat(32)] {
        let text = said(Some(malformed));
        assert_eq!(
            text,
            "`SELVEDGE_SECRET_KEY` holds no secret key: 64 hexadecimal characters are one"
        );
    }
    fs::write(folder.path().join("secret-key"), "abcd").unwrap();
    assert!(said(None).contains("secret-key` holds no secret key"));
    drop(open(folder.path(), Some(&ours.to_uppercase())).unwrap());
    fs::write(folder.path().join("secret-key"), format!("{ours}\n")).unwrap();
    drop(open(folder.path(), None).unwrap());
}

#[tokio::test]
async fn a_refused_change_changes_nothing() {
    let live = LiveAccount::in_memory(Arc::new(ManualClock::at(1)), random());
    let before = live.now();
    let both = |account: &mut Account, fresh: &mut dyn Fresh| {
        account.create_store(StoreKind::Kv, "s", Maker::Person, fresh)?;
        account.create_store(StoreKind::Kv, "s", Maker::Person, fresh)
    };
    let outcome = live.change(both).await;
    assert!(matches!(outcome, Err(ChangeError::Refused(Refused::Duplicate { .. }))), "{outcome:?}");
    assert!(Arc::ptr_eq(&before, &live.now()));
}

#[tokio::test]
async fn what_cannot_be_written_is_not_shown() {
    let disk = Sim::default();
    let clock = Arc::new(ManualClock::at(1));
    let sealer = Sealer::new(&SecretKey::throw_away(), random());
    let kept = Kept::OnDisk(disk.rows().unwrap().0);
    let live = Arc::new(LiveAccount::of(Account::default(), kept, sealer, (clock, random())));
    make_store(&live, "one").await.unwrap();
    disk.set_room(Room::None);
    for _ in 0..2 {
        let Err(ChangeError::Failed(error)) = make_store(&live, "two").await else { panic!() };
        assert_eq!(error.refusal(), Refusal::StoreFull);
    }
    let names = |account: &Account| -> Vec<String> {
        account.stores(StoreKind::Secret).map(|store| store.name.clone()).collect()
    };
    assert_eq!(names(&live.now()), ["one"]);
    disk.set_room(Room::Plenty);
    make_store(&live, "three").await.unwrap();
    let shown = live.now();
    drop(live);
    assert_eq!(disk.rows().unwrap().1.account, *shown);
    assert_eq!(shown.stores(StoreKind::Secret).count(), 2);
}

#[tokio::test]
async fn changes_come_one_after_another_and_none_is_lost() {
    let live = LiveAccount::in_memory(Arc::new(ManualClock::at(1)), random());
    let names: Vec<String> = (0..50).map(|number| format!("s{number}")).collect();
    let all = names.iter().map(|name| make_store(&live, name));
    for made in futures_util::future::join_all(all).await {
        made.unwrap();
    }
    assert_eq!(live.now().stores(StoreKind::Secret).count(), 50);
}

/// A caller that goes away while its change is being written leaves the change whole: shown as it is written.
#[tokio::test]
async fn a_change_whose_caller_goes_away_is_whole() {
    let disk = Sim::default();
    let clock = Arc::new(ManualClock::at(1));
    let sealer = Sealer::new(&SecretKey::throw_away(), random());
    let kept = Kept::OnDisk(disk.rows().unwrap().0);
    let live = Arc::new(LiveAccount::of(Account::default(), kept, sealer, (clock, random())));
    {
        let mut change = Box::pin(make_store(&live, "left"));
        // It is polled once, which hands it over, and then dropped.
        let _ = change.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }
    // The next change has its turn when the one before has ended.
    make_store(&live, "next").await.unwrap();
    let shown = live.now();
    let names: Vec<_> = shown.stores(StoreKind::Secret).map(|store| store.name.clone()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    drop(live);
    assert_eq!(disk.rows().unwrap().1.account, *shown);
}
