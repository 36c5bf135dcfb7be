//! What is suggested for what.

use super::nearest;

#[test]
fn the_nearest_name_is_suggested() {
    let known = ["links", "domains", "backends", "ab", "a"];
    let cases = [
        ("linsk", Some("links")),
        ("link", Some("links")),
        ("domain", Some("domains")),
        ("backend", Some("backends")),
        ("bakcends", Some("backends")),
        ("zebra", None),
        ("x", None),
        ("", None),
        ("links", Some("links")),
    ];
    for (wanted, expected) in cases {
        assert_eq!(nearest(wanted, known), expected, "for `{wanted}`");
    }
}

#[test]
fn fewer_edits_win_and_then_the_first() {
    assert_eq!(nearest("config", ["confix2", "configs"]), Some("configs"));
    assert_eq!(nearest("abcd", ["abce", "abcf"]), Some("abce"));
}

#[test]
fn a_name_that_two_kinds_of_things_have_is_listed_once() {
    let expected = Some("known here: `b`, `a`".to_owned());
    assert_eq!(super::hint("zebra", ["b", "a", "b"]), expected);
}
