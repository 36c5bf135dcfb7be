use http::header::{CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_RANGE, CONTENT_TYPE};

use super::*;
use crate::sample::{NOW, body, entry, head, headers};

const STORED: [&str; 9] = [
    "Cache-Control: max-age=60",
    "Content-Type: text/plain",
    "Content-Language: en",
    "Date: Sun, 06 Nov 1994 08:49:37 GMT",
    "ETag: \"a\"",
    "Last-Modified: Sun, 06 Nov 1994 08:00:00 GMT",
    "Surrogate-Key: k",
    "Vary: L",
    "X-Other: 1",
];

fn got(method: Method, request: &[&str]) -> Answer {
    answer(&entry(&STORED), &method, &headers(request), NOW + 5_900)
}

fn names(headers: &HeaderMap) -> Vec<&str> {
    let mut names: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
    names.sort_unstable();
    names
}

fn slice(range: Range<u64>) -> BodyPlan {
    BodyPlan::Pieces(vec![Piece::Slice(range)])
}

#[test]
fn the_whole() {
    let whole = got(Method::GET, &[]);
    assert_eq!((whole.status, whole.body), (StatusCode::OK, BodyPlan::Whole));
    assert_eq!(whole.headers[AGE], "5");
    assert_eq!(whole.headers[CONTENT_LENGTH], "10");
    assert_eq!(whole.headers[ACCEPT_RANGES], "bytes");
    let head = got(Method::HEAD, &["Range: bytes=0-1"]);
    assert_eq!(
        (head.status, head.headers, head.body),
        (StatusCode::OK, whole.headers, BodyPlan::Empty)
    );
}

#[test]
fn not_modified_is_short() {
    let answer = got(Method::GET, &["If-None-Match: \"a\"", "Range: bytes=0-1"]);
    assert_eq!((answer.status, answer.body), (StatusCode::NOT_MODIFIED, BodyPlan::Empty));
    let expected = ["age", "cache-control", "date", "etag", "surrogate-key", "vary"];
    assert_eq!(names(&answer.headers), expected);
    let untagged = entry(&["Last-Modified: Sun, 06 Nov 1994 08:00:00 GMT"]);
    let answer = super::answer(&untagged, &Method::GET, &headers(&["If-None-Match: *"]), NOW);
    assert_eq!(names(&answer.headers), ["age", "date", "last-modified"]);
}

#[test]
fn one_range() {
    let answer = got(Method::GET, &["Range: bytes=3-6"]);
    assert_eq!((answer.status, answer.body), (StatusCode::PARTIAL_CONTENT, slice(3..7)));
    assert_eq!(answer.headers[CONTENT_RANGE], "bytes 3-6/10");
    assert_eq!(answer.headers[CONTENT_LENGTH], "4");
    assert_eq!(answer.headers["x-other"], "1");
    assert_eq!(answer.headers[CONTENT_TYPE], "text/plain");
}

#[test]
fn one_range_under_if_range() {
    let answer = got(Method::GET, &["Range: bytes=3-6", "If-Range: \"a\""]);
    assert_eq!(answer.status, StatusCode::PARTIAL_CONTENT);
    let known = [CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, LAST_MODIFIED];
    let absent = known.iter().all(|name| !answer.headers.contains_key(name));
    assert!(absent && answer.headers.contains_key(ETAG), "{:?}", answer.headers);
    let answer = got(Method::GET, &["Range: bytes=3-6", "If-Range: \"b\""]);
    assert_eq!((answer.status, answer.body), (StatusCode::OK, BodyPlan::Whole));
}

#[test]
fn several_ranges() {
    let answer = got(Method::GET, &["Range: bytes=0-1, 4-5"]);
    assert_eq!(answer.status, StatusCode::PARTIAL_CONTENT);
    assert!(!answer.headers.contains_key(CONTENT_RANGE));
    let content_type = answer.headers[CONTENT_TYPE].to_str().unwrap();
    assert!(content_type.starts_with("multipart/byteranges; boundary="), "{content_type}");
    let BodyPlan::Pieces(pieces) = answer.body else { panic!("no pieces") };
    let length: u64 = pieces.iter().map(Piece::len).sum();
    assert_eq!(answer.headers[CONTENT_LENGTH], length.to_string());
    let one_of_two = got(Method::GET, &["Range: bytes=0-1, 40-"]);
    assert_eq!(one_of_two.body, slice(0..2));
}

#[test]
fn beyond_the_end() {
    let answer = got(Method::GET, &["Range: bytes=10-"]);
    assert_eq!((answer.status, answer.body), (StatusCode::RANGE_NOT_SATISFIABLE, BodyPlan::Empty));
    assert_eq!(answer.headers[CONTENT_RANGE], "bytes */10");
    assert_eq!(answer.headers[CONTENT_LENGTH], "0");
    assert!(!answer.headers.contains_key(CACHE_CONTROL));
}

#[test]
fn other_statuses_have_no_ranges_and_conditions() {
    let gone = Entry::new(head(404, &[], &["ETag: \"a\""]), body(&[b"gone"]));
    let request = headers(&["Range: bytes=0-1", "If-None-Match: \"a\""]);
    let answer = answer(&gone, &Method::GET, &request, NOW);
    assert_eq!((answer.status, answer.body), (StatusCode::NOT_FOUND, BodyPlan::Whole));
    assert!(!answer.headers.contains_key(ACCEPT_RANGES));
    let empty = Entry::new(head(204, &[], &[]), body(&[]));
    let answer = super::answer(&empty, &Method::GET, &headers(&[]), NOW);
    assert_eq!((answer.status, answer.body), (StatusCode::NO_CONTENT, BodyPlan::Empty));
    assert!(!answer.headers.contains_key(CONTENT_LENGTH));
}
