//! Which targeted field is selected, and what it says.

use super::targeted;
use crate::control::{CacheControl, Delta};
use crate::sample::headers;

fn control() -> CacheControl {
    CacheControl::default()
}

#[test]
fn members_as_read() {
    let max_age = |seconds| CacheControl { max_age: Delta::Seconds(seconds), ..control() };
    let names = || CacheControl { withheld: vec!["a".parse().unwrap()], ..control() };
    let table = [
        ("max-age=60", max_age(60)),
        ("  max-age=60 \t,foo", max_age(60)),
        ("max-age=60;note=1", max_age(60)),
        ("max-age=1, max-age=60", max_age(60)),
        ("max-age=2147483649", max_age(1 << 31)),
        ("max-age=-1", CacheControl { max_age: Delta::Invalid, ..control() }),
        ("max-age=\"60\"", control()),
        ("max-age=60.0", control()),
        ("max-age=(60)", control()),
        ("max-age", control()),
        ("none", control()),
        ("no-store", CacheControl { no_store: true, ..control() }),
        ("no-store=?0", control()),
        ("no-store=1", control()),
        ("no-cache", CacheControl { no_cache: true, ..control() }),
        ("no-cache=\"a\"", names()),
        ("private=a", names()),
        ("private=\"vary\"", CacheControl { private: true, ..control() }),
        ("private=\"\"", CacheControl { private: true, ..control() }),
        ("immutable=7", CacheControl { immutable: true, ..control() }),
        (
            "public, must-revalidate",
            CacheControl { public: true, must_revalidate: true, ..control() },
        ),
    ];
    for (value, expected) in table {
        let headers = headers(&[&format!("CDN-Cache-Control: {value}")]);
        assert_eq!(targeted(&headers), Some(expected), "{value}");
    }
}

#[test]
fn what_does_not_parse_or_is_empty_is_absent() {
    let values =
        ["", "  ", "MaX-aGe=60", "max-age =60", "max-age= 60", "max-age=60,", "a, &&&", "é"];
    for value in values {
        let headers = headers(&[&format!("CDN-Cache-Control: {value}")]);
        assert_eq!(targeted(&headers), None, "{value}");
    }
}

#[test]
fn the_first_valid_field_of_the_target_list_decides() {
    let table: [(&[&str], Option<u64>); 6] = [
        (&[], None),
        (&["Other-CDN-Cache-Control: max-age=1"], None),
        (&["CDN-Cache-Control: max-age=1", "Selvedge-CDN-Cache-Control: max-age=2"], Some(2)),
        (&["CDN-Cache-Control: max-age=1", "Selvedge-CDN-Cache-Control:"], Some(1)),
        (&["CDN-Cache-Control: max-age=1", "Selvedge-CDN-Cache-Control: &"], Some(1)),
        (&["CDN-Cache-Control: foo", "CDN-Cache-Control: max-age=3"], Some(3)),
    ];
    for (lines, expected) in table {
        let said = targeted(&headers(lines)).map(|control| control.max_age);
        assert_eq!(said, expected.map(Delta::Seconds), "{lines:?}");
    }
}
