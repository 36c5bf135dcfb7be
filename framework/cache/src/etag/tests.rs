use http::header::{DATE, IF_NONE_MATCH, LAST_MODIFIED};

use super::*;
use crate::sample::headers;
use crate::when::date_field;

fn tag(text: &str) -> EntityTag<'_> {
    EntityTag::parse(text.as_bytes()).unwrap()
}

#[test]
fn comparisons() {
    // The two tags, whether they are strongly and weakly equal.
    let table = [
        (r#""a""#, r#""a""#, true, true),
        (r#""a""#, r#"W/"a""#, false, true),
        (r#"W/"a""#, r#"W/"a""#, false, true),
        (r#""a""#, r#""b""#, false, false),
        (r#""a""#, r#""A""#, false, false),
        (r#""""#, r#""""#, true, true),
        (r#""a,b""#, r#""a,b""#, true, true),
        ("a", "a", false, true),
        ("a", r#""a""#, false, false),
        (r#"w/"a""#, r#""a""#, false, false),
        (r#"w/"a""#, r#"w/"a""#, false, true),
        (r#"W"a""#, r#"W/"a""#, false, false),
        (r#""a"b""#, r#""a"b""#, false, true),
        ("\"", "\"", false, true),
        ("\"\u{e9}\"", "\"\u{e9}\"", true, true),
    ];
    for (left, right, strong, weak) in table {
        assert_eq!(tag(left).strong_eq(tag(right)), strong, "{left} {right}");
        assert_eq!(tag(left).weak_eq(tag(right)), weak, "{left} {right}");
        assert_eq!(tag(right).weak_eq(tag(left)), weak, "{right} {left}");
    }
}

#[test]
fn lists() {
    // The field's lines, and the tags in it by their text; `*` alone is any.
    let table: [(&[&str], &[&str]); 10] = [
        (&[r#""a""#], &[r#""a""#]),
        (&[r#""a","b" , W/"c""#], &[r#""a""#, r#""b""#, r#"W/"c""#]),
        (&[r#""a""#, r#""b""#], &[r#""a""#, r#""b""#]),
        (&[r#""a,b", "c""#], &[r#""a,b""#, r#""c""#]),
        (&[r#", ,"a",,"#], &[r#""a""#]),
        (&[r#""a, "b""#], &[r#""a, "b""#]),
        (&[r#"a, "b"#], &["a", r#""b"#]),
        (&[r#"*, "a""#], &["*", r#""a""#]),
        (&[""], &[]),
        (&[","], &[]),
    ];
    for (lines, expected) in table {
        let lines: Vec<String> =
            lines.iter().map(|line| format!("If-None-Match: {line}")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let map = headers(&lines);
        let tags = expected.iter().map(|text| tag(text)).collect();
        assert_eq!(TagList::of(&map, IF_NONE_MATCH), Some(TagList::Tags(tags)), "{lines:?}");
    }
    assert_eq!(TagList::of(&headers(&[]), IF_NONE_MATCH), None);
    assert_eq!(TagList::of(&headers(&["If-None-Match: * "]), IF_NONE_MATCH), Some(TagList::Any));
}

#[test]
fn a_tag_that_is_there_twice_is_none() {
    assert_eq!(EntityTag::of(&headers(&["ETag: \"a\"", "ETag: \"b\""])), None);
    assert_eq!(EntityTag::of(&headers(&["ETag: \"a\""])), Some(tag("\"a\"")));
    assert_eq!(EntityTag::of(&headers(&["ETag:"])), None);
}

#[test]
fn a_date_is_strong_a_second_later() {
    let at = |date: &str| {
        let modified = "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT";
        let headers = headers(&[&format!("Date: {date}"), modified]);
        strong_last_modified(date_field(&headers, LAST_MODIFIED, 0), date_field(&headers, DATE, 0))
    };
    assert_eq!(at("Sun, 06 Nov 1994 08:49:38 GMT"), Some(784_111_777_000));
    assert_eq!(at("Sun, 06 Nov 1994 08:49:37 GMT"), None);
    assert_eq!(at("soon"), None);
}
