use super::{counted, whole};

#[test]
fn a_number_has_one_spelling() {
    for (text, number) in [
        ("0", Some(0)),
        ("7", Some(7)),
        ("10", Some(10)),
        ("18446744073709551615", Some(u64::MAX)),
        ("18446744073709551616", None),
        ("", None),
        ("+1", None),
        ("-1", None),
        ("-0", None),
        ("00", None),
        ("01", None),
        (" 1", None),
        ("1 ", None),
        ("1.0", None),
        ("1e3", None),
        ("0x1", None),
        ("1_000", None),
        ("٣", None),
        ("１", None),
    ] {
        assert_eq!(whole::<u64>(text), number, "{text}");
    }
}

#[test]
fn what_its_kind_does_not_hold_is_none() {
    assert_eq!(whole::<u32>("4294967295"), Some(u32::MAX));
    assert_eq!(whole::<u32>("4294967296"), None);
    assert_eq!(whole::<u8>("256"), None);
}

#[test]
fn one_is_no_plural() {
    assert_eq!(
        [0, 1, 2].map(|number| counted(number, "secret")),
        ["0 secrets", "1 secret", "2 secrets"]
    );
}
