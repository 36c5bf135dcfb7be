//! What may be done with what, and what is said where it may not.

use selvedge_account::{Account, ConfigChange, ConfigOp, Maker, Refused, SecretMode, ServiceType};
use selvedge_model::id::{LinkId, ServiceId};
use selvedge_model::name::StoreKind;

use crate::{Counted, service, store};

/// That a change is refused, and that it changes nothing.
#[track_caller]
fn refused<T: std::fmt::Debug>(
    account: &Account,
    change: impl FnOnce(&mut Account) -> Result<T, Refused>,
) -> String {
    let mut copy = account.clone();
    change(&mut copy).unwrap_err().to_string()
}

#[test]
fn a_version_that_was_activated_or_locked_is_frozen() {
    let (mut account, mut fresh) = (Account::default(), Counted::default());
    let service = service(&mut account, "shop", &mut fresh).id;
    let kv = store(&mut account, StoreKind::Kv, "s", &mut fresh);
    let link = account.create_link(&service, 1, "l", &kv, &mut fresh).unwrap().id;
    account.clone_version(&service, 1, Maker::Person, &mut fresh).unwrap();
    account.activate(&service, 1, Maker::Person, &mut fresh).unwrap();
    account.lock(&service, 2, &mut fresh).unwrap();
    for number in [1, 2] {
        let id = account.version(&service, number).unwrap().links[0].id.clone();
        assert_eq!(id == link, number == 1, "a clone's links have ids of their own");
        let f = &mut Counted(1000);
        let place = (&service, number, &id);
        let texts = [
            refused(&account, |it| it.create_link(&service, number, "m", &kv, f)),
            refused(&account, |it| it.update_link(place, Some("m"), None, f)),
            refused(&account, |it| it.delete_link(&service, number, &id, f)),
            refused(&account, |it| it.set_settings(&service, number, Default::default(), f)),
        ];
        for text in texts {
            assert_eq!(
                text,
                format!(
                    "version {number} was activated or locked and cannot be changed; clone it and \
                     change the clone"
                )
            );
        }
    }
    // Once active, always frozen; a comment may be written at any time.
    account.deactivate(&service, 1, Maker::Person, &mut fresh).unwrap();
    refused(&account, |it| it.create_link(&service, 1, "m", &kv, &mut Counted(1000)));
    account.comment_version(&service, 1, "said", &mut fresh).unwrap();
    assert_eq!(account.version(&service, 1).unwrap().comment, "said");
}

#[test]
fn at_most_one_version_is_active() {
    let (mut account, mut fresh) = (Account::default(), Counted::default());
    let service = service(&mut account, "shop", &mut fresh).id;
    account.create_version(&service, &mut fresh).unwrap();
    for number in [1, 2, 2, 1] {
        account.activate(&service, number, Maker::Person, &mut fresh).unwrap();
        let active: Vec<_> = account.versions(&service).filter(|it| it.active).collect();
        assert_eq!(active.iter().map(|it| it.number).collect::<Vec<_>>(), [number]);
    }
    // To stop one that does not run decides nothing.
    account.activate(&service, 1, Maker::Declared, &mut fresh).unwrap();
    account.deactivate(&service, 2, Maker::Person, &mut fresh).unwrap();
    assert_eq!(account.service("shop").unwrap().steered_by, Maker::Declared);
    account.deactivate(&service, 1, Maker::Person, &mut fresh).unwrap();
    assert_eq!(account.service("shop").unwrap().steered_by, Maker::Person);
    assert!(account.active(&service).is_none());
}

#[test]
fn names_are_unique_where_they_are_looked_up() {
    let (mut account, mut fresh) = (Account::default(), Counted::default());
    let shop = service(&mut account, "shop", &mut fresh).id;
    let other = service(&mut account, "other", &mut fresh).id;
    let kv = store(&mut account, StoreKind::Kv, "s", &mut fresh);
    let more = store(&mut account, StoreKind::Kv, "more", &mut fresh);
    // Stores of different kinds may share a name.
    store(&mut account, StoreKind::Config, "s", &mut fresh);
    let first = account.create_link(&shop, 1, "l", &kv, &mut fresh).unwrap();
    let second = account.create_link(&shop, 1, "m", &kv, &mut fresh).unwrap();
    let f = &mut Counted(1000);
    let texts = [
        refused(&account, |it| it.create_service("shop", ServiceType::Compute, "", f)),
        refused(&account, |it| it.update_service(&other, Some("shop"), None, f)),
        refused(&account, |it| it.create_store(StoreKind::Kv, "s", Maker::Person, f)),
        refused(&account, |it| it.rename_store(StoreKind::Kv, &more, "s", f)),
        refused(&account, |it| it.create_link(&shop, 1, "l", &more, f)),
        refused(&account, |it| it.update_link((&shop, 1, &second.id), Some("l"), None, f)),
    ];
    let expected = [
        "service `shop`",
        "service `shop`",
        "KV store `s`",
        "KV store `s`",
        "link `l`",
        "link `l`",
    ];
    assert_eq!(texts, expected.map(|what| format!("there is already a {what}")));
    // Its own name is no other's.
    account.rename_store(StoreKind::Kv, &kv, "s", &mut fresh).unwrap();
    account.update_link((&shop, 1, &first.id), Some("l"), Some(&more), &mut fresh).unwrap();
    assert_eq!(account.link(&shop, 1, &first.id).unwrap().store.as_str(), more);
}

#[test]
fn a_link_needs_a_store_and_keeps_to_the_rule_of_its_kind() {
    let (mut account, mut fresh) = (Account::default(), Counted::default());
    let shop = service(&mut account, "shop", &mut fresh).id;
    let kv = store(&mut account, StoreKind::Kv, "s", &mut fresh);
    let config = store(&mut account, StoreKind::Config, "c", &mut fresh);
    let none = "0000000000000000000000";
    let f = &mut Counted(1000);
    let text = refused(&account, |it| it.create_link(&shop, 1, "l", none, f));
    assert_eq!(text, format!("there is no store and no ACL with the id `{none}`"));
    let text = refused(&account, |it| it.create_link(&shop, 1, "with-dash", &config, f));
    assert!(text.contains("`with-dash` has a `-`"), "{text}");
    let link = account.create_link(&shop, 1, "with-dash", &kv, &mut fresh).unwrap().id;
    // The rule is that of the new store.
    refused(&account, |it| it.update_link((&shop, 1, &link), None, Some(&config), f));
}

#[test]
fn a_store_that_is_linked_or_has_items_stays() {
    let (mut account, mut fresh) = (Account::default(), Counted::default());
    let shop = service(&mut account, "shop", &mut fresh).id;
    let kv = store(&mut account, StoreKind::Kv, "s", &mut fresh);
    account.create_link(&shop, 1, "l", &kv, &mut fresh).unwrap();
    account.activate(&shop, 1, Maker::Person, &mut fresh).unwrap();
    let text = refused(&account, |it| it.delete_store(StoreKind::Kv, &kv, false));
    assert_eq!(text, "the KV store `s` is linked by version 1 of service `shop`");
    let text = refused(&account, |it| it.delete_service(&shop));
    assert_eq!(text, "the service `shop` has an active version; deactivate it first");
    account.deactivate(&shop, 1, Maker::Person, &mut fresh).unwrap();
    account.clone_version(&shop, 1, Maker::Person, &mut fresh).unwrap();
    let text = refused(&account, |it| it.delete_store(StoreKind::Kv, &kv, false));
    assert_eq!(text, "the KV store `s` is linked by version 2 of service `shop`", "a draft");
    account.delete_service(&shop).unwrap();
    assert_eq!(account.versions(&shop).count(), 0);
    let text = refused(&account, |it| it.delete_store(StoreKind::Kv, &kv, true));
    assert_eq!(text, "the KV store `s` is not empty");
    account.delete_store(StoreKind::Kv, &kv, false).unwrap();
    assert_eq!(account, Account::default());
}

#[test]
fn a_version_that_can_not_answer_any_more_holds_no_store() {
    let (mut account, mut fresh) = (Account::default(), Counted::default());
    let shop = service(&mut account, "shop", &mut fresh).id;
    let kv = store(&mut account, StoreKind::Kv, "s", &mut fresh);
    account.create_link(&shop, 1, "l", &kv, &mut fresh).unwrap();
    account.activate(&shop, 1, Maker::Person, &mut fresh).unwrap();
    account.deactivate(&shop, 1, Maker::Person, &mut fresh).unwrap();
    account.delete_store(StoreKind::Kv, &kv, false).unwrap();
    let text =
        refused(&account, |it| it.activate(&shop, 1, Maker::Person, &mut Counted::default()));
    let gone = format!("there is no store and no ACL with the id `{kv}`");
    assert_eq!(text, gone);
}

#[test]
fn what_is_not_there_is_not_found() {
    let (mut account, mut fresh) = (Account::default(), Counted::default());
    let shop = service(&mut account, "shop", &mut fresh).id;
    let kv = store(&mut account, StoreKind::Kv, "s", &mut fresh);
    let config = store(&mut account, StoreKind::Config, "c", &mut fresh);
    let secrets = store(&mut account, StoreKind::Secret, "x", &mut fresh);
    let none = ServiceId::made_of(9999);
    let link = LinkId::made_of(9999);
    let f = &mut Counted(1000);
    let sealed = || (vec![1], "d".to_owned());
    let texts = [
        refused(&account, |it| it.create_version(&none, f)),
        refused(&account, |it| it.delete_service(&none)),
        refused(&account, |it| it.activate(&shop, 7, Maker::Person, f)),
        refused(&account, |it| it.clone_version(&shop, 7, Maker::Person, f)),
        refused(&account, |it| it.delete_link(&shop, 1, &link, f)),
        refused(&account, |it| it.delete_store(StoreKind::Config, &kv, false)),
        refused(&account, |it| it.change_config(&secrets, &[], f)),
        refused(&account, |it| it.change_config(&config, &[op("k", ConfigOp::Delete)], f)),
        refused(&account, |it| {
            it.change_config(&config, &[op("k", ConfigOp::Update(String::new()))], f)
        }),
        refused(&account, |it| it.put_secret(&secrets, "n", SecretMode::Recreate, sealed(), f)),
        refused(&account, |it| it.delete_secret(&secrets, "n")),
    ];
    for text in &texts {
        assert!(text.starts_with("there is no "), "{text}");
    }
    assert_eq!(texts[5], format!("there is no config store `{kv}`"));
}

#[test]
fn a_secret_is_made_anew_or_not_as_it_was_asked() {
    let (mut account, mut fresh) = (Account::default(), Counted::default());
    let store = store(&mut account, StoreKind::Secret, "x", &mut fresh);
    let mut put = |account: &mut Account, mode, digest: &str| {
        account.put_secret(&store, "n", mode, (vec![1], digest.to_owned()), &mut fresh)
    };
    assert_eq!(put(&mut account, SecretMode::Create, "1"), Ok(false));
    assert!(matches!(put(&mut account, SecretMode::Create, "2"), Err(Refused::Duplicate { .. })));
    assert_eq!(put(&mut account, SecretMode::Recreate, "3"), Ok(true));
    assert_eq!(put(&mut account, SecretMode::CreateOrRecreate, "4"), Ok(true));
    assert_eq!(account.secret(&store, "n").unwrap().digest, "4");
}

fn op(key: &str, op: ConfigOp) -> ConfigChange {
    ConfigChange { key: key.to_owned(), op }
}
