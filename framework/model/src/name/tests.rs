//! Which texts are names, and what the others are told.

use std::collections::BTreeMap;

use super::*;

/// Keeps the message only.
fn said<T>(result: Result<T, NameError>) -> Option<String> {
    result.err().map(|error| error.to_string())
}

#[test]
fn the_position_of_the_bad_character_is_said() {
    let error = LinkName::new(StoreKind::Config, "my-config").expect_err("dash");
    assert_eq!(error.position(), Some(3));
    assert_eq!(error.fault(), NameFault::BadChar { position: 3, found: '-' });
    assert_eq!(
        error.to_string(),
        "`my-config` has a `-` at position 3; a config store link is letters, digits, `_` and \
         spaces, starting with a letter"
    );
}

#[test]
fn positions_count_characters_not_bytes() {
    let error = ServiceName::new("ab√cd!").expect_err("not ASCII");
    assert_eq!(error.fault(), NameFault::BadChar { position: 3, found: '√' });
}

#[test]
fn links_follow_the_kind_that_they_link() {
    use StoreKind::{Config, Kv, Secret};
    let cases = [
        (Kv, "users-store.v2", true),
        (Kv, "users store", false),
        (Kv, "-", true),
        (Secret, "shop-secrets", true),
        (Secret, "shop/secrets", false),
        (Config, "Config 2_b", true),
        (Config, "config.v2", false),
        (Config, "2config", false),
        (Config, " config", false),
        (Config, "_config", false),
        (Kv, "", false),
        (Config, "", false),
    ];
    for (kind, text, good) in cases {
        assert_eq!(check_link(kind, text).is_ok(), good, "{kind} `{text}`");
        assert_eq!(LinkName::new(kind, text).is_ok(), good, "{kind} `{text}`");
    }
}

#[test]
fn store_names() {
    use StoreKind::{Config, Kv, Secret};
    let cases = [
        (Config, "shop_config v.1-2", true),
        (Config, "UPDATED NAME!", true),
        (Config, "shop/config", false),
        (Kv, "users-store.v2", true),
        (Kv, "users store", false),
        (Secret, "a,b", false),
    ];
    for (kind, text, good) in cases {
        assert_eq!(StoreName::new(kind, text).is_ok(), good, "{kind} `{text}`");
    }
    for kind in [Config, Kv, Secret] {
        assert!(StoreName::new(kind, "s".repeat(255)).is_ok(), "{kind}");
        assert!(StoreName::new(kind, "s".repeat(256)).is_err(), "{kind}");
    }
}

#[test]
fn lengths() {
    assert!(ServiceName::new("a".repeat(255)).is_ok());
    let long = said(ServiceName::new("a".repeat(256))).unwrap_or_default();
    assert!(long.ends_with("…` has 256 characters; a service name has at most 255"));
    assert!(PopName::new("a".repeat(32)).is_ok());
    assert!(PopName::new("a".repeat(33)).is_err());
    assert!(check_backend(&"b".repeat(255)).is_ok());
    assert!(check_backend(&"b".repeat(256)).is_err());
}

#[test]
fn other_alphabets() {
    assert!(PopName::new("LHR").is_ok());
    assert!(PopName::new("LHR,1").is_err());
    assert!(PopName::new("a_b").is_err());
    assert!(ServiceName::new("a_b-1").is_ok());
    assert!(ServiceName::new("a.b").is_err());
    assert!(check_backend("the origin: 1").is_ok());
    assert!(check_backend("a\tb").is_err());
    assert_eq!(
        said(BackendName::new("a\nb")).as_deref(),
        Some(
            "`a\\nb` has a `\\n` at position 2; a backend name is visible ASCII characters and spaces"
        )
    );
}

#[test]
fn domains() {
    let good = [
        ("Shop.LOCALHOST", "shop.localhost"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "[::1]"),
        ("[2001:DB8::0:1]", "[2001:db8::1]"),
        ("_a.example", "_a.example"),
    ];
    for (text, expected) in good {
        assert_eq!(Domain::new(text).map(|d| d.to_string()), Ok(expected.to_owned()));
    }
    let bad = ["", "a..b", ".a", "a.", "shop.localhost:80", "a b", "*.x", "é.x", "[::1", "a/b"];
    for text in bad {
        assert!(Domain::new(text).is_err(), "`{text}`");
    }
    assert!(Domain::new("a".repeat(64)).is_err());
    assert!(Domain::new(format!("{}x", "a.".repeat(130))).is_err());
}

#[test]
fn addresses_have_one_spelling() {
    let home = Some([127, 0, 0, 1]);
    let cases = [
        ("127.1", home),
        ("127.0.1", home),
        ("1.2.3", Some([1, 2, 0, 3])),
        ("2130706433", home),
        ("0x7f000001", home),
        ("0X7F.1", home),
        ("0x7f.0.0.0x1", home),
        ("0", Some([0, 0, 0, 0])),
        ("0x", Some([0, 0, 0, 0])),
        ("127.000.000.001", home),
        ("010.0.0.1", Some([8, 0, 0, 1])),
        ("1.2.3.4.5", None),
        ("1.2.3.256", None),
        ("256.1", None),
        ("4294967296", None),
        ("08.1", None),
        ("foo.123", None),
        ("foo.0x7f", None),
    ];
    for (text, expected) in cases {
        let error = Domain::new(text).expect_err(text);
        let meant = expected.map(Into::into);
        assert_eq!(error.fault(), NameFault::BadAddress { meant }, "{text}");
    }
    for good in ["123.foo", "0xg", "1a", "0.0.0.0", "255.255.255.255", "x0x1", "7f.example"] {
        assert!(Domain::new(good).is_ok(), "{good}");
    }
}

#[test]
fn no_part_begins_or_ends_with_a_dash() {
    for (text, position) in [("-a.test", 1), ("a-.test", 2), ("a.-", 3), ("a.b-", 4), ("-", 1)] {
        let error = Domain::new(text).expect_err(text);
        assert_eq!(error.fault(), NameFault::Dash { position }, "{text}");
    }
    assert!(Domain::new("a--b.x-1.test").is_ok());
}

#[test]
fn an_empty_part_is_placed() {
    let error = Domain::new("shop..example").expect_err("two dots");
    assert_eq!(error.fault(), NameFault::BadLabel { position: 6, length: 0 });
}

#[test]
fn maps_are_searched_by_text() {
    let name = ServiceName::new("catalog").expect("name");
    let map = BTreeMap::from([(name, 1)]);
    assert_eq!(map.get("catalog"), Some(&1));
}
