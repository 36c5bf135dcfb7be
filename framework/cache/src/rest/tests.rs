use std::ops::Range;

use http::header::{CONTENT_LENGTH, CONTENT_RANGE, DATE};

use super::*;
use crate::extent::ContentRange;
use crate::partial::part;
use crate::sample::{body, head, headers};

const WHOLE: &[u8] = b"0123456789";

fn stored(bytes: Range<usize>, complete_length: Option<u64>, tag: &str) -> Entry {
    let head = head(206, &[], &[&format!("ETag: {tag}"), "X: stored", "Content-Digest: x=:eA==:"]);
    let range = ContentRange { bytes: bytes.start as u64..bytes.end as u64, complete_length };
    part(head, body(&[&WHOLE[bytes]]), &range).unwrap()
}

fn a(bytes: Range<usize>) -> Entry {
    stored(bytes, Some(10), "\"a\"")
}

fn rest_for(lines: &[&str], parts: &[Entry]) -> Option<Rest> {
    let headers = headers(lines);
    rest(&RequestView { method: &Method::GET, headers: &headers }, parts)
}

#[test]
fn the_bytes_at_one_end_are_asked_for() {
    let table = [
        (vec![a(0..5)], Some("bytes=5-")),
        (vec![a(5..10)], Some("bytes=0-4")),
        (vec![a(2..8)], None),
        (vec![a(0..3), a(4..10)], Some("bytes=0-3")),
        (vec![stored(0..5, None, "\"a\"")], None),
        (vec![stored(0..5, Some(10), "W/\"a\"")], None),
        (Vec::new(), None),
    ];
    for (parts, expected) in table {
        let mut request = HeaderMap::new();
        rest_for(&[], &parts).into_iter().for_each(|rest| rest.ask(&mut request));
        let asked = request.get(RANGE).map(|range| range.to_str().unwrap());
        assert_eq!(asked, expected, "{parts:?}");
        assert_eq!(request.contains_key(IF_RANGE), expected.is_some());
    }
}

#[test]
fn a_request_with_conditions_or_a_range_of_its_own_is_left_alone() {
    for line in ["Range: bytes=0-", "If-None-Match: \"b\"", "If-Match: *"] {
        assert!(rest_for(&[line], &[a(0..5)]).is_none(), "{line}");
    }
    let none = HeaderMap::new();
    let head = RequestView { method: &Method::HEAD, headers: &none };
    assert!(rest(&head, &[a(0..5)]).is_none());
}

#[test]
fn only_the_very_bytes_of_the_very_version_complete_it() {
    const TAG: &str = "ETag: \"a\"";
    let rest = rest_for(&[], &[a(0..5)]).unwrap();
    let table: [(u16, &[&str], &str); 11] = [
        (206, &[TAG, "Content-Range: bytes 5-9/10"], "rest"),
        (206, &[TAG, "Content-Range: bytes 5-9/10", "Content-Length: 5"], "rest"),
        (206, &[TAG, "Content-Range: bytes 5-9/10", "Content-Length: 4"], "unfit"),
        (206, &[TAG, "Content-Range: bytes 5-8/10"], "unfit"),
        (206, &[TAG, "Content-Range: bytes 4-9/10"], "unfit"),
        (206, &[TAG, "Content-Range: bytes 5-9/*"], "unfit"),
        (206, &[TAG], "unfit"),
        (206, &["ETag: \"b\"", "Content-Range: bytes 5-9/10"], "unfit"),
        (206, &["Content-Range: bytes 5-9/10"], "unfit"),
        (416, &[TAG], "unfit"),
        (200, &["ETag: \"b\""], "other"),
    ];
    for (status, lines, expected) in table {
        let headers = headers(lines);
        let status = StatusCode::from_u16(status).unwrap();
        let got = match rest.judge(&ResponseView { status, headers: &headers }) {
            Answered::Rest(_) => "rest",
            Answered::Unfit => "unfit",
            Answered::Other => "other",
        };
        assert_eq!(got, expected, "{status} {lines:?}");
    }
}

#[test]
fn the_whole_has_the_newer_headers_and_its_own_length() {
    let rest = rest_for(&[], &[a(0..5)]).unwrap();
    let newer = headers(&["ETag: \"a\"", "Content-Range: bytes 5-9/10", "Date: d", "Y: newer"]);
    let view = ResponseView { status: StatusCode::PARTIAL_CONTENT, headers: &newer };
    let Answered::Rest(whole) = rest.judge(&view) else { panic!("it fits") };
    let value = |name: &str| whole.get(name).map(|value| value.to_str().unwrap());
    assert_eq!((value("x"), value("y")), (Some("stored"), Some("newer")));
    assert_eq!(whole[DATE], "d");
    assert_eq!(whole[CONTENT_LENGTH], "10");
    assert!(!whole.contains_key(CONTENT_RANGE) && !whole.contains_key("content-digest"));
    assert_eq!((rest.before().map(StoredBody::len), rest.after().is_none()), (Some(5), true));
}
