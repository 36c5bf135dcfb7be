//! Ranges of stored bodies, whatever is asked: the right bytes, and exact lengths.

use std::ops::Range;

use http::header::{CONTENT_LENGTH, CONTENT_RANGE, IF_NONE_MATCH, IF_RANGE, RANGE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use proptest::prelude::*;
use selvedge_cache::{BodyPlan, Fill, StoredBody, answer};

use crate::support::{body_of, entry};

fn chunked(pieces: &[Vec<u8>]) -> StoredBody {
    let mut fill = Fill::new(u64::MAX, Some(pieces.iter().map(|piece| piece.len() as u64).sum()));
    for piece in pieces {
        fill.push(piece).expect("no limit");
    }
    fill.finish().expect("complete")
}

/// Fields that are nearly right.
fn field() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "bytes=", "bytes ", "-", "0", "5", "9", "99", ",", "/", "*", "W/", "\"", "a", " ", "=",
        "\t",
    ];
    let nearly = prop::collection::vec(prop::sample::select(words.to_vec()), 0..12);
    let nearly = nearly.prop_map(|words| words.concat().into_bytes());
    prop_oneof![nearly, prop::collection::vec(any::<u8>(), 0..40)]
}

fn one(name: http::HeaderName, value: &[u8]) -> HeaderMap {
    let value = HeaderValue::from_bytes(value).ok();
    value.into_iter().map(|value| (name.clone(), value)).collect()
}

proptest! {
    #[test]
    fn a_slice_has_the_bytes_of_the_body(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..90_000), 0..4),
        from in 0u64..400_000,
        to in 0u64..400_000,
    ) {
        let (whole, body) = (pieces.concat(), chunked(&pieces));
        let inside = |offset: u64| (offset as usize).min(whole.len());
        let expected = whole.get(inside(from)..inside(to)).unwrap_or_default();
        prop_assert_eq!(body.slice(Range { start: from, end: to }).concat(), expected);
    }

    #[test]
    fn a_single_range_is_answered_with_its_bytes(
        whole in prop::collection::vec(any::<u8>(), 1..300),
        from in 0usize..300,
        length in 1usize..300,
    ) {
        let entry = entry(&[], &[], 0, &whole);
        let last = from + length - 1;
        let request = one(RANGE, format!("bytes={from}-{last}").as_bytes());
        let got = answer(&entry, &Method::GET, &request, 1);
        let end = (last + 1).min(whole.len());
        if from < whole.len() {
            prop_assert_eq!(got.status, StatusCode::PARTIAL_CONTENT);
            prop_assert_eq!(&body_of(&entry, &got)[..], &whole[from..end]);
            let said = format!("bytes {from}-{}/{}", end - 1, whole.len());
            prop_assert_eq!(&got.headers[CONTENT_RANGE], &said);
        } else {
            prop_assert_eq!(got.status, StatusCode::RANGE_NOT_SATISFIABLE);
        }
    }

    #[test]
    fn whatever_is_asked_the_length_is_exact(
        range in field(),
        if_range in prop::option::of(field()),
        tags in prop::option::of(field()),
    ) {
        let entry = entry(&[], &["ETag: \"a\"", "Content-Type: text/plain"], 0, b"0123456789");
        let mut request = one(RANGE, &range);
        request.extend(if_range.map(|value| one(IF_RANGE, &value)).unwrap_or_default());
        request.extend(tags.map(|value| one(IF_NONE_MATCH, &value)).unwrap_or_default());
        let got = answer(&entry, &Method::GET, &request, 1);
        if let Some(length) = got.headers.get(CONTENT_LENGTH) {
            prop_assert_eq!(length, &body_of(&entry, &got).len().to_string());
        }
        let head = answer(&entry, &Method::HEAD, &request, 1);
        prop_assert_eq!(head.body, BodyPlan::Empty);
    }
}
