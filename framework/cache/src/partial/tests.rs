use super::*;
use crate::answer::{BodyPlan, answer};
use crate::sample::{NOW, body, head, headers};

const WHOLE: &[u8] = b"0123456789";

/// The part `bytes` of ten.
fn part_of(bytes: Range<usize>, complete_length: Option<u64>, tag: &str) -> Entry {
    let head = head(206, &[], &[&format!("ETag: {tag}"), "Content-Range: x", "Content-Length: 1"]);
    let range = ContentRange { bytes: bytes.start as u64..bytes.end as u64, complete_length };
    part(head, body(&[&WHOLE[bytes]]), &range).unwrap()
}

fn a(bytes: Range<usize>) -> Entry {
    part_of(bytes, Some(10), "\"a\"")
}

fn text(entry: &Entry) -> Vec<u8> {
    entry.body().chunks().concat()
}

/// The status, the headers, and the bytes that are stored.
type Case = (u16, &'static [&'static str], Result<Range<u64>, NoStore>);

#[test]
fn which_206_may_be_stored() {
    const FRESH: &str = "Cache-Control: max-age=60";
    let table: [Case; 9] = [
        (206, &[FRESH, "Content-Range: bytes 0-4/10"], Ok(0..5)),
        (206, &[FRESH, "Content-Range: bytes 0-4/10", "Content-Length: 5"], Ok(0..5)),
        (
            206,
            &[FRESH, "Content-Range: bytes 0-4/10", "Content-Length: 6"],
            Err(NoStore::PartialContent),
        ),
        (206, &[FRESH], Err(NoStore::PartialContent)),
        (206, &[FRESH, "Content-Range: pages 0-4/10"], Err(NoStore::PartialContent)),
        (206, &[FRESH, "Content-Range: bytes 4-0/10"], Err(NoStore::PartialContent)),
        (206, &["Content-Range: bytes 0-4/10"], Err(NoStore::NoFreshness)),
        (
            206,
            &["Cache-Control: no-store", "Content-Range: bytes 0-4/10"],
            Err(NoStore::NoStoreDirective),
        ),
        (200, &[FRESH, "Content-Range: bytes 0-4/10"], Err(NoStore::PartialContent)),
    ];
    for (status, lines, expected) in table {
        let (request, response) = (headers(&["Range: bytes=0-4"]), headers(lines));
        let request = RequestView { method: &Method::GET, headers: &request };
        let status = StatusCode::from_u16(status).unwrap();
        let response = ResponseView { status, headers: &response };
        let times = Times { requested_at_ms: NOW, received_at_ms: NOW };
        let policy = Policy::default();
        let got = part_storable(&request, &response, &policy, &Override::default(), times);
        assert_eq!(got.map(|(_, range)| range.bytes), expected, "{lines:?}");
    }
}

#[test]
fn a_part_is_as_long_as_it_says() {
    let range = ContentRange { bytes: 0..5, complete_length: Some(10) };
    for (bytes, expected) in
        [(4, Some(NoStore::Incomplete)), (5, None), (6, Some(NoStore::Incomplete))]
    {
        let got = part(head(206, &[], &[]), body(&[&WHOLE[..bytes]]), &range);
        assert_eq!(got.err(), expected, "{bytes}");
    }
    let all = a(0..10);
    assert_eq!((all.head.status, all.extent()), (StatusCode::OK, Extent::Whole));
}

#[test]
fn a_broken_body_is_a_part() {
    let broken = |bytes: usize, declared| {
        incomplete(head(200, &[], &[]), body(&[&WHOLE[..bytes]]), declared)
            .map(|entry| entry.extent())
    };
    let complete_length = Some(10);
    assert_eq!(broken(4, Some(10)), Ok(Extent::Part { start: 0, complete_length }));
    assert_eq!(broken(4, None), Ok(Extent::Part { start: 0, complete_length: None }));
    assert_eq!(broken(0, Some(10)), Err(NoStore::Incomplete));
    assert_eq!(broken(10, Some(10)), Err(NoStore::Incomplete));
    let gone = incomplete(head(404, &[], &[]), body(&[b"go"]), Some(4));
    assert_eq!(gone.map(|entry| entry.extent()), Err(NoStore::Incomplete));
}

#[test]
fn what_a_part_covers() {
    let (known, unknown) = (a(4..8), part_of(4..8, None, "\"a\""));
    // The range, and whether the part of ten bytes and the one of unknown length have it.
    let table = [
        ("bytes=4-7", true, true),
        ("bytes=5-6", true, true),
        ("bytes=4-4, 7-7", true, true),
        ("bytes=3-7", false, false),
        ("bytes=4-8", false, false),
        ("bytes=4-", false, false),
        ("bytes=-1", false, false),
        ("bytes=10-", false, false),
        ("pages=4-7", false, false),
    ];
    for (range, has, has_without_length) in table {
        let request = headers(&[&format!("Range: {range}")]);
        assert_eq!(covers(&known, &Method::GET, &request), has, "{range}");
        assert_eq!(covers(&unknown, &Method::GET, &request), has_without_length, "{range}");
        assert!(!covers(&known, &Method::HEAD, &request), "{range}");
    }
    assert!(!covers(&known, &Method::GET, &headers(&[])));
    let end = a(4..10);
    for range in ["bytes=4-", "bytes=-6", "bytes=6-99"] {
        assert!(covers(&end, &Method::GET, &headers(&[&format!("Range: {range}")])), "{range}");
    }
}

#[test]
fn a_part_answers_what_it_covers() {
    let request = headers(&["Range: bytes=5-6"]);
    let got = answer(&a(4..8), &Method::GET, &request, NOW);
    assert_eq!(got.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(got.headers[CONTENT_RANGE], "bytes 5-6/10");
    assert_eq!(got.headers[CONTENT_LENGTH], "2");
    assert_eq!(got.body, BodyPlan::Pieces(vec![crate::answer::Piece::Slice(1..3)]));
    let unknown = answer(&part_of(4..8, None, "\"a\""), &Method::GET, &request, NOW);
    assert_eq!(unknown.headers[CONTENT_RANGE], "bytes 5-6/*");
    for line in ["Range: bytes=0-1", "Range: bytes=99-", "X: no range"] {
        let got = answer(&a(4..8), &Method::GET, &headers(&[line]), NOW);
        assert_eq!(got.status, StatusCode::GATEWAY_TIMEOUT, "{line}");
    }
}

#[test]
fn parts_that_fit_are_combined() {
    let weak = part_of(5..10, Some(10), "W/\"a\"");
    let (other, longer) = (part_of(5..10, Some(10), "\"b\""), part_of(5..10, Some(11), "\"a\""));
    let table = [
        (a(0..5), a(5..10), Some(0..10)),
        (a(5..10), a(0..5), Some(0..10)),
        (a(0..7), a(4..9), Some(0..9)),
        (a(0..9), a(2..4), Some(0..9)),
        (a(2..4), a(0..9), Some(0..9)),
        (a(3..4), a(3..4), Some(3..4)),
        (part_of(0..5, None, "\"a\""), a(5..10), Some(0..10)),
        (a(0..4), a(5..10), None),
        (a(0..5), weak, None),
        (a(0..5), other, None),
        (a(0..5), longer, None),
    ];
    for (older, newer, expected) in table {
        let got = combine(&older, &newer);
        assert_eq!(got.as_ref().map(Entry::bytes), expected);
        if let Some(got) = got {
            let bytes = got.bytes().start as usize..got.bytes().end as usize;
            assert_eq!(text(&got), WHOLE[bytes]);
            assert_eq!(got.is_whole(), got.bytes() == (0..10));
            assert_eq!(got.head.status == StatusCode::OK, got.is_whole());
        }
    }
}

#[test]
fn a_part_closes_the_gap_between_others() {
    let stored = [a(7..10), a(0..3), part_of(3..9, Some(10), "\"b\"")];
    let sum = absorb(a(3..7), &stored);
    assert!(sum.is_whole());
    assert_eq!(text(&sum), WHOLE);
    assert_eq!(absorb(a(4..6), &stored).bytes(), 4..6);
}
