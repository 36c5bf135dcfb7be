use super::*;
use crate::sample::{head, headers};

const EARLIER: &str = "Sun, 06 Nov 1994 07:00:00 GMT";
const LATER: &str = "Sun, 06 Nov 1994 08:00:00 GMT";

fn asked(request: &str, stored: &[&str]) -> Condition {
    evaluate(&Method::GET, &headers(&[request]), &head(200, &[], stored))
}

#[test]
fn if_none_match() {
    use Condition::{NotModified, Proceed};
    let table = [
        (r#""a""#, r#""a""#, NotModified),
        (r#""b""#, r#""a""#, Proceed),
        (r#""b", "a""#, r#""a""#, NotModified),
        (r#"W/"a""#, r#""a""#, NotModified),
        (r#""a""#, r#"W/"a""#, NotModified),
        ("*", r#""a""#, NotModified),
        ("", r#""a""#, Proceed),
        ("a", r#""a""#, Proceed),
    ];
    for (list, tag, expected) in table {
        let etag = format!("ETag: {tag}");
        assert_eq!(asked(&format!("If-None-Match: {list}"), &[&etag]), expected, "{list} {tag}");
    }
    assert_eq!(asked("If-None-Match: *", &[]), NotModified);
    assert_eq!(asked("If-None-Match: \"a\"", &[]), Proceed);
}

#[test]
fn if_modified_since() {
    use Condition::{NotModified, Proceed};
    let since = |date: &str, stored: &[&str]| asked(&format!("If-Modified-Since: {date}"), stored);
    let modified = format!("Last-Modified: {LATER}");
    let dated = format!("Date: {LATER}");
    assert_eq!(since(LATER, &[&modified]), NotModified);
    assert_eq!(since(EARLIER, &[&modified]), Proceed);
    assert_eq!(since(LATER, &[&dated]), NotModified);
    assert_eq!(since(EARLIER, &[&dated]), Proceed);
    assert_eq!(since("Sun, 06 Nov 1994 08:49:37 GMT", &[]), NotModified);
    assert_eq!(since(LATER, &[]), Proceed);
    assert_eq!(since("0", &[&modified]), Proceed);
    assert_eq!(since("Sunday, 06-Nov-94 08:00:00 GMT", &[&modified]), NotModified);
}

#[test]
fn if_none_match_comes_first() {
    let since = format!("If-Modified-Since: {LATER}");
    let request = headers(&["If-None-Match: \"b\"", &since]);
    let modified = format!("Last-Modified: {EARLIER}");
    let stored = head(200, &[], &["ETag: \"a\"", &modified]);
    assert_eq!(evaluate(&Method::GET, &request, &stored), Condition::Proceed);
}

#[test]
fn only_where_the_answer_would_be_200() {
    let request = headers(&["If-None-Match: *"]);
    let table = [
        (Method::GET, 200, Condition::NotModified),
        (Method::HEAD, 200, Condition::NotModified),
        (Method::GET, 206, Condition::NotModified),
        (Method::GET, 404, Condition::Proceed),
        (Method::GET, 301, Condition::Proceed),
        (Method::POST, 200, Condition::Proceed),
    ];
    for (method, status, expected) in table {
        assert_eq!(evaluate(&method, &request, &head(status, &[], &[])), expected, "{status}");
    }
}

#[test]
fn what_only_the_origin_knows_is_forwarded() {
    let table = [
        ("If-Match: *", true),
        ("If-Unmodified-Since: 0", true),
        ("If-None-Match: *", false),
        ("If-Range: \"a\"", false),
    ];
    for (line, expected) in table {
        assert_eq!(must_forward(&headers(&[line])), expected, "{line}");
    }
}
