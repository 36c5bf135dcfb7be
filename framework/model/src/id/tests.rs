use super::{LinkId, ServiceId, StoreId};
use crate::name::StoreKind;

#[test]
fn an_id_has_22_letters_and_digits_whatever_its_bits() {
    for bits in [0, 1, 61, 62, u128::MAX] {
        let made = ServiceId::made_of(bits);
        assert_eq!(ServiceId::parse(made.as_str()), Some(made));
    }
    assert_eq!(LinkId::made_of(0).as_str(), "0".repeat(22));
}

#[test]
fn other_bits_make_another_id() {
    assert_ne!(LinkId::made_of(u128::MAX), LinkId::made_of(u128::MAX - 1));
    assert_ne!(LinkId::made_of(1), LinkId::made_of(1 << 127));
}

#[test]
fn ids_of_kv_stores_are_in_lower_case() {
    let kv = StoreId::made_of(StoreKind::Kv, u128::MAX);
    assert!(!kv.as_str().bytes().any(|byte| byte.is_ascii_uppercase()), "{kv}");
    let config = StoreId::made_of(StoreKind::Config, u128::MAX);
    assert!(config.as_str().bytes().any(|byte| byte.is_ascii_uppercase()), "{config}");
}

#[test]
fn what_has_another_length_or_alphabet_is_no_id() {
    for text in [
        "",
        "abc",
        "5lom7wyacubg7hw0w3ulf",
        "5lom7wyacubg7hw0w3ulfbb",
        "5lom7wyacubg7hw0w3ul-b",
        "5lom7wyacubg7hw0w3ulé",
    ] {
        assert_eq!(StoreId::parse(text), None, "{text}");
    }
}
