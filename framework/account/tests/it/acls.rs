//! Entries of ACLs: how they change, and which one an address is found in.

use selvedge_account::{Account, AclChange, AclOp, Refused};
use selvedge_model::limits::{ACL_ACTION_MAX, ACL_BATCH_MAX, ACL_ENTRIES};
use selvedge_model::name::StoreKind;

use crate::{Counted, store};

fn acl() -> (Account, String) {
    let mut account = Account::default();
    let id = store(&mut account, StoreKind::Acl, "clients", &mut Counted::default());
    (account, id)
}

fn create(prefix: &str, action: &str) -> AclChange {
    AclChange { prefix: prefix.to_owned(), op: AclOp::Create(action.to_owned()) }
}

fn found(account: &Account, acl: &str, address: &str) -> Option<String> {
    let entry = account.acl_match(acl, address.parse().unwrap())?;
    Some(format!("{} {}", entry.network, entry.action))
}

#[test]
fn the_longest_prefix_is_what_an_address_is_found_in() {
    let (mut account, acl) = acl();
    let entries = [
        ("10.0.0.0/8", "BLOCK"),
        ("10.1.0.0/16", "ALLOW"),
        ("10.1.2.3", "other"),
        ("2001:db8::/32", "BLOCK"),
        ("2001:DB8:0:1::/64", "ALLOW"),
        ("0.0.0.0/0", "rest"),
    ];
    account.change_acl(&acl, &entries.map(|(prefix, action)| create(prefix, action))).unwrap();
    for (address, expected) in [
        ("10.2.0.1", Some("10.0.0.0/8 BLOCK")),
        ("10.1.2.4", Some("10.1.0.0/16 ALLOW")),
        ("10.1.2.3", Some("10.1.2.3/32 other")),
        ("::ffff:10.1.2.3", Some("10.1.2.3/32 other")),
        ("192.0.2.1", Some("0.0.0.0/0 rest")),
        ("2001:db8:0:1::1", Some("2001:db8:0:1::/64 ALLOW")),
        ("2001:db8:1::", Some("2001:db8::/32 BLOCK")),
        ("2001:db9::", None),
    ] {
        assert_eq!(found(&account, &acl, address).as_deref(), expected, "{address}");
    }
    assert_eq!(found(&account, "nothing", "10.1.2.3"), None);
}

#[test]
fn a_batch_happens_as_a_whole_or_not_at_all() {
    let (mut account, acl) = acl();
    account.change_acl(&acl, &[create("10.0.0.0/8", "BLOCK")]).unwrap();
    let change = |prefix: &str, op| AclChange { prefix: prefix.to_owned(), op };
    for (wrong, says) in [
        (create("10.0.0.0/8", "ALLOW"), "there is already an ACL entry `10.0.0.0/8`"),
        (change("10.0.0.0/9", AclOp::Delete), "there is no ACL entry `10.0.0.0/9`"),
        (change("::/0", AclOp::Update("x".to_owned())), "there is no ACL entry `::/0`"),
        (create("10.0.0.1/8", "BLOCK"), "`10.0.0.1/8` has an address with bits after its first 8"),
        (create("10.0.0.0/33", "BLOCK"), "`10.0.0.0/33` has no prefix from 0 to 32"),
        (create("home", "BLOCK"), "`home` is no address and no block such as `10.0.0.0/8`"),
        (
            create("::/0", ""),
            "an action is visible ASCII text of at most 255 characters, such as `BLOCK`",
        ),
        (
            create("::/0", "a b"),
            "an action is visible ASCII text of at most 255 characters, such as `BLOCK`",
        ),
    ] {
        let mut next = account.clone();
        let batch = [create("192.0.2.0/24", "BLOCK"), wrong];
        assert_eq!(next.change_acl(&acl, &batch).unwrap_err().to_string(), says);
        assert_eq!(next, account);
    }
    let batch =
        [change("10.0.0.0/8", AclOp::Update("ALLOW".to_owned())), create("10.0.0.1", "BLOCK")];
    account.change_acl(&acl, &batch).unwrap();
    let entries: Vec<_> = account.acl_entries(&acl).map(|(at, it)| (at, &*it.action)).collect();
    assert_eq!(entries, [("10.0.0.0/8", "ALLOW"), ("10.0.0.1/32", "BLOCK")]);
    account.change_acl(&acl, &[change("10.0.0.1/32", AclOp::Delete)]).unwrap();
    assert_eq!(account.acl_entries(&acl).count(), 1);
}

#[test]
fn an_acl_has_its_limits() {
    let (mut account, acl) = acl();
    let entry = |n: usize| create(&format!("10.0.{}.{}", n / 250, n % 250), "BLOCK");
    let batch: Vec<_> = (0..ACL_BATCH_MAX).map(entry).collect();
    account.change_acl(&acl, &batch).unwrap();
    assert_eq!(account.acl_entries(&acl).count(), ACL_ENTRIES);
    let limit = |outcome: Result<(), Refused>| match outcome {
        Err(Refused::Limit { most, .. }) => most,
        other => panic!("{other:?}"),
    };
    assert_eq!(limit(account.change_acl(&acl, &[entry(ACL_ENTRIES)])), ACL_ENTRIES);
    let more: Vec<_> = (0..=ACL_BATCH_MAX).map(entry).collect();
    assert_eq!(limit(account.change_acl(&acl, &more)), ACL_BATCH_MAX);
    let longest =
        |length| AclChange { prefix: "10.0.0.0".to_owned(), op: AclOp::Update("x".repeat(length)) };
    account.change_acl(&acl, &[longest(ACL_ACTION_MAX)]).unwrap();
    assert!(account.change_acl(&acl, &[longest(ACL_ACTION_MAX + 1)]).is_err());
}
