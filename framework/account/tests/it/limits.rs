//! Every limit, reached and then passed by one.

use selvedge_account::{Account, ConfigChange, ConfigOp, Maker, Refused, SecretMode};
use selvedge_model::limits::*;
use selvedge_model::name::StoreKind;

use crate::{Counted, service, store};

/// That there would be too many, and how many there may be.
#[track_caller]
fn assert_limit<T: std::fmt::Debug>(outcome: Result<T, Refused>, expected: usize) {
    match outcome {
        Err(Refused::Limit { most, .. }) => assert_eq!(most, expected),
        other => panic!("{other:?}"),
    }
}

#[test]
fn stores_of_an_account() {
    let (mut account, fresh) = (Account::default(), &mut Counted::default());
    for (kind, most) in [
        (StoreKind::Kv, KV_STORES_PER_ACCOUNT),
        (StoreKind::Config, CONFIG_STORES_PER_ACCOUNT),
        (StoreKind::Acl, ACLS_PER_ACCOUNT),
    ] {
        for number in 0..most {
            store(&mut account, kind, &format!("s{number}"), fresh);
        }
        assert_limit(account.create_store(kind, "more", Maker::Person, fresh), most);
        // What goes makes room.
        let first = account.stores(kind).next().unwrap().id.clone();
        account.delete_store(kind, first.as_str(), false).unwrap();
        store(&mut account, kind, "more", fresh);
    }
    for number in 0..200 {
        store(&mut account, StoreKind::Secret, &format!("s{number}"), fresh);
    }
}

#[test]
fn links_of_a_version() {
    let (mut account, fresh) = (Account::default(), &mut Counted::default());
    let service = service(&mut account, "shop", fresh).id;
    let kv = store(&mut account, StoreKind::Kv, "s", fresh);
    for number in 0..LINKS_PER_SERVICE {
        account.create_link(&service, 1, &format!("l{number}"), &kv, fresh).unwrap();
    }
    assert_limit(account.create_link(&service, 1, "more", &kv, fresh), LINKS_PER_SERVICE);
    // Another version has links of its own.
    account.create_version(&service, fresh).unwrap();
    account.create_link(&service, 2, "more", &kv, fresh).unwrap();
}

#[test]
fn items_of_a_config_store() {
    let (mut account, fresh) = (Account::default(), &mut Counted::default());
    let config = store(&mut account, StoreKind::Config, "c", fresh);
    let create = |number: usize| change(&format!("k{number}"), ConfigOp::Create("v".to_owned()));
    let full: Vec<_> = (0..CONFIG_ITEMS_PER_STORE).map(create).collect();
    account.change_config(&config, &full, fresh).unwrap();
    let one_more = create(CONFIG_ITEMS_PER_STORE);
    let outcome = account.change_config(&config, std::slice::from_ref(&one_more), fresh);
    assert_limit(outcome, CONFIG_ITEMS_PER_STORE);
    // Only what there is in the end counts.
    let swap = [one_more, change("k0", ConfigOp::Delete)];
    account.change_config(&config, &swap, fresh).unwrap();
    assert_eq!(account.config_items(&config).count(), CONFIG_ITEMS_PER_STORE);
}

#[test]
fn changes_of_a_batch() {
    let (mut account, fresh) = (Account::default(), &mut Counted::default());
    let config = store(&mut account, StoreKind::Config, "c", fresh);
    let mut batch = vec![change("k", ConfigOp::Upsert("v".to_owned())); CONFIG_BATCH_MAX];
    account.change_config(&config, &batch, fresh).unwrap();
    batch.extend(batch.first().cloned());
    assert_limit(account.change_config(&config, &batch, fresh), CONFIG_BATCH_MAX);
}

#[test]
fn keys_and_values_of_config_stores() {
    let (mut account, fresh) = (Account::default(), &mut Counted::default());
    let config = store(&mut account, StoreKind::Config, "c", fresh);
    // Characters count, not bytes.
    for (key, value, fits) in [
        ("é".repeat(CONFIG_KEY_MAX), "v".to_owned(), true),
        ("é".repeat(CONFIG_KEY_MAX + 1), "v".to_owned(), false),
        (String::new(), "v".to_owned(), false),
        ("k".to_owned(), "é".repeat(CONFIG_VALUE_MAX), true),
        ("k".to_owned(), "é".repeat(CONFIG_VALUE_MAX + 1), false),
        ("k".to_owned(), String::new(), true),
    ] {
        let outcome =
            account.change_config(&config, &[change(&key, ConfigOp::Upsert(value))], fresh);
        match fits {
            true => outcome.unwrap(),
            false => assert!(matches!(outcome, Err(Refused::Item(_))), "{outcome:?}"),
        }
    }
}

#[test]
fn names() {
    let (mut account, fresh) = (Account::default(), &mut Counted::default());
    let kv = store(&mut account, StoreKind::Kv, "s", fresh);
    let secrets = store(&mut account, StoreKind::Secret, "s", fresh);
    let service = service(&mut account, "shop", fresh).id;
    for length in [STORE_NAME_MAX, STORE_NAME_MAX + 1, 0] {
        let (name, fits) = ("n".repeat(length), length == STORE_NAME_MAX);
        let sealed = || (vec![1], "d".to_owned());
        let put = SecretMode::CreateOrRecreate;
        let outcomes = [
            account.create_store(StoreKind::Kv, &name, Maker::Person, fresh).map(drop),
            account.rename_store(StoreKind::Kv, &kv, &name, fresh).map(drop),
            account.create_link(&service, 1, &name, &kv, fresh).map(drop),
            account.put_secret(&secrets, &name, put, sealed(), fresh).map(drop),
            account.update_service(&service, Some(&name), None, fresh).map(drop),
        ];
        for (at, outcome) in outcomes.into_iter().enumerate() {
            // The store of the first line has the name that the second wants.
            match (fits, at) {
                (true, 1) => assert!(matches!(outcome, Err(Refused::Duplicate { .. }))),
                (true, _) => outcome.unwrap(),
                (false, _) => assert!(matches!(outcome, Err(Refused::Name(_))), "{outcome:?}"),
            }
        }
    }
}

fn change(key: &str, op: ConfigOp) -> ConfigChange {
    ConfigChange { key: key.to_owned(), op }
}
