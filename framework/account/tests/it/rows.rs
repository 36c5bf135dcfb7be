//! Rows: whatever is changed, the rows of each change add up to the account.

use std::collections::BTreeMap;

use proptest::prelude::*;
use selvedge_account::{
    Account, AclChange, AclOp, ConfigChange, ConfigOp, Maker, Row, SecretMode, ServiceType, changes,
};
use selvedge_model::name::StoreKind;

use crate::Counted;

/// One change. Numbers choose among what there is; most of what they choose may be refused.
#[derive(Clone, Debug)]
enum Act {
    Service(u8),
    Version(u8),
    Clone(u8, u32),
    Activate(u8, u32),
    Deactivate(u8, u32),
    Settings(u8, u32),
    DropService(u8),
    Store(u8, u8),
    Rename(u8, u8, u8),
    DropStore(u8, u8),
    Link(u8, u32, u8, u8),
    Config(u8, u8, Option<u8>),
    Declare(u8, u8, u8),
    Secret(u8, u8),
    DropSecret(u8, u8),
    Acl(u8, u8, Option<u8>),
}

fn act() -> impl Strategy<Value = Act> {
    let (few, number) = (0_u8..4, 1_u32..4);
    let two = || (few.clone(), few.clone());
    prop_oneof![
        few.clone().prop_map(Act::Service),
        few.clone().prop_map(Act::Version),
        (few.clone(), number.clone()).prop_map(|(a, b)| Act::Clone(a, b)),
        (few.clone(), number.clone()).prop_map(|(a, b)| Act::Activate(a, b)),
        (few.clone(), number.clone()).prop_map(|(a, b)| Act::Deactivate(a, b)),
        (few.clone(), number.clone()).prop_map(|(a, b)| Act::Settings(a, b)),
        few.clone().prop_map(Act::DropService),
        two().prop_map(|(a, b)| Act::Store(a, b)),
        (two(), few.clone()).prop_map(|((a, b), c)| Act::Rename(a, b, c)),
        two().prop_map(|(a, b)| Act::DropStore(a, b)),
        (few.clone(), number, two()).prop_map(|(a, b, (c, d))| Act::Link(a, b, c, d)),
        (two(), proptest::option::of(few.clone())).prop_map(|((a, b), c)| Act::Config(a, b, c)),
        (two(), few.clone()).prop_map(|((a, b), c)| Act::Declare(a, b, c)),
        two().prop_map(|(a, b)| Act::Secret(a, b)),
        two().prop_map(|(a, b)| Act::DropSecret(a, b)),
        (two(), proptest::option::of(few)).prop_map(|((a, b), c)| Act::Acl(a, b, c)),
    ]
}

fn kind(number: u8) -> StoreKind {
    StoreKind::ALL[usize::from(number) % StoreKind::ALL.len()]
}

/// Names and keys with what rows use themselves.
fn name(number: u8) -> String {
    format!("n{number}")
}

fn key(number: u8) -> String {
    format!("config/{number}/\u{e9}\"\\\n")
}

/// Does it, if it may be done.
fn perform(account: &mut Account, act: &Act, fresh: &mut Counted) -> Option<()> {
    let service = |account: &Account, at: u8| {
        account.service(&name(at)).ok().map(|service| service.id.clone())
    };
    let store = |account: &Account, of: StoreKind, at: u8| {
        account.store_named(of, &name(at)).map(|store| store.id.clone())
    };
    let person = Maker::Person;
    match *act {
        Act::Service(at) => {
            account.create_service(&name(at), ServiceType::Compute, "é", fresh).ok().map(drop)
        }
        Act::Version(at) => account.create_version(&service(account, at)?, fresh).ok().map(drop),
        Act::Clone(at, from) => {
            account.clone_version(&service(account, at)?, from, person, fresh).ok().map(drop)
        }
        Act::Activate(at, version) => {
            account.activate(&service(account, at)?, version, person, fresh).ok().map(drop)
        }
        Act::Deactivate(at, version) => {
            account.deactivate(&service(account, at)?, version, person, fresh).ok().map(drop)
        }
        Act::Settings(at, version) => {
            let settings = "a = 1\nb = [{ c = \"é\" }, { d = 1.5 }]\n[e]\nf = true".parse().ok()?;
            account.set_settings(&service(account, at)?, version, settings, fresh).ok().map(drop)
        }
        Act::DropService(at) => account.delete_service(&service(account, at)?).ok().map(drop),
        Act::Store(of, at) => {
            account.create_store(kind(of), &name(at), Maker::Declared, fresh).ok().map(drop)
        }
        Act::Rename(of, at, to) => {
            let id = store(account, kind(of), at)?;
            account.rename_store(kind(of), id.as_str(), &name(to), fresh).ok().map(drop)
        }
        Act::DropStore(of, at) => {
            let id = store(account, kind(of), at)?;
            account.delete_store(kind(of), id.as_str(), false).ok().map(drop)
        }
        Act::Link(at, version, of, to) => {
            let (service, to) = (service(account, at)?, store(account, kind(of), to)?);
            account.create_link(&service, version, &name(of), to.as_str(), fresh).ok().map(drop)
        }
        Act::Config(at, item, value) => {
            let id = store(account, StoreKind::Config, at)?;
            let op = match value {
                Some(value) => ConfigOp::Upsert(key(value)),
                None => ConfigOp::Delete,
            };
            account.change_config(id.as_str(), &[ConfigChange { key: key(item), op }], fresh).ok()
        }
        Act::Declare(at, item, value) => {
            let id = store(account, StoreKind::Config, at)?;
            account.declare_config(&id, (&key(item), &key(value)), fresh).ok().map(drop)
        }
        Act::Secret(at, item) => {
            let id = store(account, StoreKind::Secret, at)?;
            let (put, sealed) = (SecretMode::CreateOrRecreate, (vec![0, 255, item], key(item)));
            account.put_secret(id.as_str(), &name(item), put, sealed, fresh).ok().map(drop)
        }
        Act::Acl(at, block, action) => {
            let id = store(account, StoreKind::Acl, at)?;
            let op = match action {
                Some(action) => AclOp::Create(name(action)),
                None => AclOp::Delete,
            };
            account
                .change_acl(id.as_str(), &[AclChange { prefix: format!("10.{block}.0.0/16"), op }])
                .ok()
        }
        Act::DropSecret(at, item) => {
            let id = store(account, StoreKind::Secret, at)?;
            account.delete_secret(id.as_str(), &name(item)).ok()
        }
    }
}

/// A file, as far as rows go.
#[derive(Default)]
struct File(BTreeMap<String, Vec<u8>>);

impl File {
    fn write(&mut self, rows: Vec<Row>) {
        for (name, text) in rows {
            match text {
                Some(text) => drop(self.0.insert(name, text)),
                None => assert!(self.0.remove(&name).is_some(), "{name} was not there"),
            }
        }
    }

    fn read(&self) -> Account {
        let rows = self.0.iter().map(|(name, text)| (name.as_str(), text.as_slice()));
        Account::from_rows(rows).unwrap()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_add_up_to_the_account(acts in proptest::collection::vec(act(), 1..60)) {
        let (mut account, mut fresh, mut file) = (Account::default(), Counted::default(), File::default());
        for act in acts {
            let mut next = account.clone();
            if perform(&mut next, &act, &mut fresh).is_some() {
                file.write(changes(&account, &next));
                account = next;
            }
        }
        prop_assert_eq!(file.read().live_manifest(&toml::Table::new()), account.live_manifest(&toml::Table::new()));
        prop_assert!(changes(&file.read(), &account).is_empty());
        prop_assert!(changes(&account, &file.read()).is_empty());
        prop_assert!(changes(&account, &account.clone()).is_empty());
    }
}

#[test]
fn a_row_that_is_none_is_named() {
    let id = "0000000000000000000000";
    for (row, text) in [
        ("planet/earth", "{}"),
        ("service/short", "{}"),
        (&*format!("service/{id}"), "{}"),
        (&*format!("service/{id}"), "not JSON"),
        (&*format!("version/{id}/one"), "{}"),
        (&*format!("store/{id}"), "null"),
        (&*format!("config/{id}/k"), "[]"),
        (&*format!("secret/{id}/n"), r#"{"sealed":"!","digest":"d","created_ms":1}"#),
        (&*format!("acl/{id}/::"), r#"{"prefix":"::/129","action":"BLOCK"}"#),
        ("", ""),
    ] {
        let error = Account::from_rows([(row, text.as_bytes())]).unwrap_err();
        assert!(error.to_string().contains(&format!("row `{row}`")), "{error}");
    }
}
