use super::*;
use crate::sample::{body, head, headers, shared};

const MODIFIED: &str = "Last-Modified: Sun, 06 Nov 1994 07:00:00 GMT";
const SINCE: &str = "If-Modified-Since: Sun, 06 Nov 1994 07:00:00 GMT";

#[test]
fn conditions_of_what_is_stored() {
    // The candidates' headers, the best first, and the conditions sent.
    let table: [(&[&[&str]], &[&str]); 9] = [
        (&[], &[]),
        (&[&[]], &[]),
        (&[&[MODIFIED]], &[SINCE]),
        (&[&["ETag: \"a\""]], &["If-None-Match: \"a\""]),
        (&[&["ETag: W/\"a\"", MODIFIED]], &["If-None-Match: W/\"a\"", SINCE]),
        (&[&["ETag: \"a\""], &["ETag: \"b\"", MODIFIED]], &["If-None-Match: \"a\", \"b\""]),
        (&[&["ETag: \"a\""], &["ETag: \"a\""]], &["If-None-Match: \"a\""]),
        (&[&[MODIFIED], &["ETag: \"b\""]], &[SINCE]),
        (&[&["Last-Modified: soon"], &["ETag: b"]], &["If-None-Match: b"]),
    ];
    for (candidates, expected) in table {
        let candidates: Vec<_> = candidates.iter().map(|lines| shared(lines)).collect();
        let mut request = headers(&[]);
        make_conditional(&mut request, &candidates);
        assert_eq!(request, headers(expected));
    }
}

#[test]
fn the_clients_own_conditions_go() {
    let client = [
        "Accept: text/html",
        "If-None-Match: \"client\"",
        SINCE,
        "If-Match: *",
        "If-Unmodified-Since: 0",
        "If-Range: \"client\"",
        "Range: bytes=0-1",
    ];
    let mut request = headers(&client);
    make_conditional(&mut request, &[shared(&["ETag: \"a\""])]);
    assert_eq!(request, headers(&["Accept: text/html", "If-None-Match: \"a\""]));
    let mut request = headers(&client);
    strip_for_storing(&mut request);
    assert_eq!(request, headers(&["Accept: text/html"]));
}

#[test]
fn other_variants_are_asked_about_by_tag_alone() {
    let variant = |lines: &[&str]| Entry::new(head(200, &["L: en"], lines), body(&[b"hello"]));
    let asked = |language: &str, lines: &[&str]| {
        let mut request = headers(&[language]);
        make_conditional(&mut request, &[variant(lines)]);
        request.remove("l");
        request
    };
    assert_eq!(asked("L: en", &["Vary: L", MODIFIED]), headers(&[SINCE]));
    assert_eq!(asked("L: fr", &["Vary: L", MODIFIED]), headers(&[]));
    let tagged = ["Vary: L", "ETag: \"a\"", MODIFIED];
    assert_eq!(asked("L: fr", &tagged), headers(&["If-None-Match: \"a\""]));
}

#[test]
fn the_list_of_tags_is_bounded() {
    let long = |index: usize| shared(&[&format!("ETag: \"{index}{}\"", "x".repeat(1000))]);
    let candidates: Vec<_> = (0..20).map(long).collect();
    let mut request = headers(&[]);
    make_conditional(&mut request, &candidates);
    assert!(request[IF_NONE_MATCH].len() <= MAX_TAG_BYTES);
    assert!(request[IF_NONE_MATCH].as_bytes().starts_with(b"\"0x"));
    let candidates: Vec<_> = (0..1_000).map(|it| shared(&[&format!("ETag: \"{it}\"")])).collect();
    make_conditional(&mut request, &candidates);
    let sent: Vec<String> = (0..MAX_TAGS).map(|it| format!("\"{it}\"")).collect();
    assert_eq!(request[IF_NONE_MATCH], sent.join(", "));
}

#[test]
fn what_can_be_validated() {
    let table = [("ETag: W/\"a\"", true), (MODIFIED, true), ("Last-Modified: x", false)];
    for (line, expected) in table {
        assert_eq!(can_validate(&shared(&[line])), expected, "{line}");
    }
}
