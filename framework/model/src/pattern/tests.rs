//! Which texts match.

use super::TextPattern;

#[test]
fn matches() {
    let cases = [
        ("", "", true),
        ("", "a", false),
        ("*", "", true),
        ("*", "anything / at all", true),
        ("a", "a", true),
        ("a", "A", false),
        ("a*", "a", true),
        ("a*", "ba", false),
        ("*a", "aa", true),
        ("a*a", "a", false),
        ("a*a", "aa", true),
        ("*.example", "a.b.example", true),
        ("*.example", "example", false),
        ("a*b*c", "a-b-c", true),
        ("a*b*c", "abc", true),
        ("a*b*c", "acb", false),
        ("a*bb*b", "abb", false),
        ("a*bb*b", "abbb", true),
        ("*ab*ab*", "abxab", true),
        ("*ab*ab*", "abab", true),
        ("*ab*ab*", "abb", false),
        ("*é*", "caf\u{e9}s", true),
        ("a?", "ab", false),
    ];
    for (pattern, text, expected) in cases {
        let pattern = TextPattern::new(pattern).expect(pattern);
        assert_eq!(pattern.matches(text), expected, "`{}` and `{text}`", pattern.as_str());
    }
}

#[test]
fn two_stars_are_for_paths() {
    assert!(TextPattern::new("a**").is_err_and(|error| error.contains("only paths")));
}

#[test]
fn hostile_texts_are_matched_in_time() {
    let pattern = TextPattern::new(&"*a*a*a*aab".repeat(20)).expect("pattern");
    assert!(!pattern.matches(&"a".repeat(1_000_000)));
}
