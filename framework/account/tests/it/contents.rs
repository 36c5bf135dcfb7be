//! What a manifest says of config items and secrets, beside what people write there.

use std::collections::BTreeSet;

use selvedge_account::{Account, ConfigChange, ConfigOp, SecretMode};
use selvedge_model::id::StoreId;
use selvedge_model::name::StoreKind;

use crate::{Counted, store};

/// A config store that the manifest and people write.
struct Shared {
    account: Account,
    fresh: Counted,
    store: StoreId,
}

impl Shared {
    fn new(kind: StoreKind) -> Self {
        let (mut account, mut fresh) = (Account::default(), Counted::default());
        let store = StoreId::parse(&store(&mut account, kind, "s", &mut fresh)).unwrap();
        Self { account, fresh, store }
    }

    /// The manifest says this, and nothing else.
    fn declare(&mut self, items: &[(&str, &str)]) {
        let places = items.iter().map(|(key, _)| (self.store.clone(), (*key).to_owned()));
        let places: BTreeSet<_> = places.collect();
        self.account.end_undeclared_contents(&places, &mut self.fresh).unwrap();
        for item in items {
            self.account.declare_config(&self.store, *item, &mut self.fresh).unwrap();
        }
    }

    fn write(&mut self, key: &str, op: ConfigOp) {
        let change = ConfigChange { key: key.to_owned(), op };
        self.account.change_config(self.store.as_str(), &[change], &mut self.fresh).unwrap();
    }

    fn declare_secret(&mut self, said: &str) {
        if self.account.is_news(&self.store, "n", said) {
            let sealed = (vec![1], format!("digest of {said}"));
            self.account.declare_secret(&self.store, ("n", said), sealed, &mut self.fresh).unwrap();
        }
    }

    fn items(&self) -> Vec<(String, String)> {
        let items = self.account.config_items(self.store.as_str());
        items.map(|(key, item)| (key.to_owned(), item.value.clone())).collect()
    }

    #[track_caller]
    fn assert_items(&self, expected: &[(&str, &str)]) {
        let expected: Vec<_> =
            expected.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        assert_eq!(self.items(), expected);
    }

    fn digest(&self) -> Option<String> {
        self.account.secret(self.store.as_str(), "n").map(|secret| secret.digest.clone())
    }
}

fn upsert(value: &str) -> ConfigOp {
    ConfigOp::Upsert(value.to_owned())
}

#[test]
fn what_a_person_wrote_stays_until_the_manifest_says_something_new() {
    let mut shared = Shared::new(StoreKind::Config);
    shared.declare(&[("a", "1"), ("b", "1")]);
    shared.write("a", upsert("mine"));
    shared.write("b", ConfigOp::Delete);
    shared.write("c", upsert("mine"));
    shared.declare(&[("a", "1"), ("b", "1")]);
    shared.assert_items(&[("a", "mine"), ("c", "mine")]);
    shared.declare(&[("a", "2"), ("b", "2"), ("c", "2")]);
    shared.assert_items(&[("a", "2"), ("b", "2"), ("c", "2")]);
}

#[test]
fn what_the_manifest_says_no_more_ends_unless_a_person_has_changed_it() {
    let mut shared = Shared::new(StoreKind::Config);
    shared.declare(&[("a", "1"), ("b", "1"), ("c", "1")]);
    shared.write("b", upsert("mine"));
    shared.declare(&[("c", "1")]);
    shared.assert_items(&[("b", "mine"), ("c", "1")]);
    // What it says again is news.
    shared.declare(&[("a", "1"), ("b", "1"), ("c", "1")]);
    shared.assert_items(&[("a", "1"), ("b", "1"), ("c", "1")]);
}

#[test]
fn a_full_store_can_be_declared_anew() {
    let mut shared = Shared::new(StoreKind::Config);
    for start in [0, 1000] {
        let keys: Vec<_> = (start..start + 500).map(|number| number.to_string()).collect();
        let items: Vec<_> = keys.iter().map(|key| (key.as_str(), "v")).collect();
        shared.declare(&items);
        assert_eq!(shared.items().len(), 500);
    }
}

#[test]
fn a_secret_is_sealed_again_only_when_it_is_another_one() {
    let mut shared = Shared::new(StoreKind::Secret);
    shared.declare_secret("one");
    shared.declare_secret("one");
    assert_eq!(shared.digest().unwrap(), "digest of one");
    let mine = (vec![2], "mine".to_owned());
    let (store, put) = (shared.store.clone(), SecretMode::Recreate);
    shared.account.put_secret(store.as_str(), "n", put, mine, &mut shared.fresh).unwrap();
    shared.declare_secret("one");
    assert_eq!(shared.digest().unwrap(), "mine");
    // It is said no more, but a person has made it another one.
    shared.account.end_undeclared_contents(&BTreeSet::new(), &mut shared.fresh).unwrap();
    assert_eq!(shared.digest().unwrap(), "mine");
    shared.declare_secret("two");
    shared.account.end_undeclared_contents(&BTreeSet::new(), &mut shared.fresh).unwrap();
    assert_eq!(shared.digest(), None);
}

#[test]
fn what_a_store_was_told_goes_with_it() {
    let mut shared = Shared::new(StoreKind::Config);
    shared.declare(&[("a", "1")]);
    shared.account.delete_store(StoreKind::Config, shared.store.as_str(), false).unwrap();
    assert_eq!(shared.account, Account::default());
}
