//! One service of a program, chosen when it is compiled.

use super::chosen;

const PATHS: &[&str] = &["shop::storefront", "shop :: catalog", "log"];

#[test]
fn the_last_word_names_it() {
    for (asked, place) in [("storefront", 0), ("catalog", 1), ("log", 2)] {
        assert_eq!(chosen(PATHS, Some(asked)), place, "{asked}");
    }
    assert_eq!(chosen(&["shop::storefront"], None), 0);
}

#[test]
fn nothing_else_does() {
    for asked in [None, Some(""), Some("front"), Some("shop::log"), Some("::catalog ")] {
        let refused = std::panic::catch_unwind(|| chosen(PATHS, asked));
        assert!(refused.is_err(), "{asked:?}");
    }
}
