//! Tags, dates, ages and ranges: what is printed reads the same, and a stored response answers every condition.

use http::header::{
    AGE, CONTENT_LENGTH, CONTENT_RANGE, DATE, ETAG, EXPIRES, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    IF_RANGE, RANGE,
};
use http::{HeaderMap, HeaderName, Method, StatusCode};
use selvedge_cache::etag::{EntityTag, TagList};
use selvedge_cache::range::{RangeAnswer, evaluate};
use selvedge_cache::when::{
    DateField, MAX_SECONDS, date_field, format_http_date, initial_age_ms, parse_http_date,
};
use selvedge_cache::{
    ContentRange, FreshnessSource, NoStore, Override, Policy, RequestView, ResponseView, Times,
    answer, extent, storable,
};

use super::{Input, one};
use crate::support::{body_of, entry};

const NOW: u64 = 784_111_777_000;
const BODY: &[u8] = b"0123456789";

pub(super) fn date(input: &Input) {
    let headers = input.field(DATE);
    if let DateField::At(ms) = date_field(&headers, DATE, NOW) {
        assert_eq!(parse_http_date(&format_http_date(ms), NOW), Some(ms));
    }
    let _ = parse_http_date(&input.text(), NOW);
}

pub(super) fn age(input: &Input) {
    let times = Times { requested_at_ms: NOW, received_at_ms: NOW + 700 };
    let age_ms = initial_age_ms(&input.field(AGE), times);
    assert!((700..=MAX_SECONDS * 1000 + 700).contains(&age_ms));
}

pub(super) fn expires(input: &Input) {
    let headers = input.beside(&["ETag: \"a\""], EXPIRES);
    let request = RequestView { method: &Method::GET, headers: &HeaderMap::new() };
    let response = ResponseView { status: StatusCode::OK, headers: &headers };
    let times = Times { requested_at_ms: NOW, received_at_ms: NOW };
    let fresh = storable(&request, &response, &Policy::rfc(), &Override::default(), times);
    let lifetime = fresh.map(|fresh| (fresh.source, fresh.lifetime_ms));
    let said = date_field(&headers, EXPIRES, NOW).at().map_or(0, |at| at.saturating_sub(NOW));
    assert_eq!(lifetime, Ok::<_, NoStore>((FreshnessSource::Expires, said)));
}

pub(super) fn etag(input: &Input) {
    let headers = input.field(ETAG);
    let Some(tag) = EntityTag::of(&headers) else { return };
    assert_eq!(EntityTag::parse(tag.as_bytes()), Some(tag));
    assert!(tag.weak_eq(tag) && tag.strong_eq(tag) == tag.is_strong());
}

pub(super) fn if_none_match(input: &Input) {
    let headers = input.field(IF_NONE_MATCH);
    if let Some(TagList::Tags(tags)) = TagList::of(&headers, IF_NONE_MATCH) {
        let printed: Vec<&[u8]> = tags.iter().map(|tag| tag.as_bytes()).collect();
        let again = one(IF_NONE_MATCH, &printed.join(&b", "[..]));
        if tags.iter().all(|tag| tag.as_bytes().ends_with(b"\"") && tag.weak_eq(*tag))
            && are_read(&tags)
        {
            let expected = Some(TagList::Tags(tags)).filter(|_| !printed.is_empty());
            assert_eq!(
                TagList::of(&again, IF_NONE_MATCH),
                expected.or(Some(TagList::Tags(Vec::new())))
            );
        }
    }
    answers(&headers, &[StatusCode::OK, StatusCode::NOT_MODIFIED]);
}

/// Whether all tags are within the grammar: others may hold a quote that takes in what follows it in print.
fn are_read(tags: &[EntityTag<'_>]) -> bool {
    tags.iter().all(|tag| tag.as_bytes().iter().filter(|byte| **byte == b'"').count() == 2)
}

pub(super) fn if_modified_since(input: &Input) {
    answers(&input.field(IF_MODIFIED_SINCE), &[StatusCode::OK, StatusCode::NOT_MODIFIED]);
}

pub(super) fn if_range(input: &Input) {
    let headers = input.beside(&["Range: bytes=2-5"], IF_RANGE);
    answers(&headers, &[StatusCode::OK, StatusCode::PARTIAL_CONTENT]);
}

pub(super) fn range(input: &Input) {
    let headers = input.field(RANGE);
    let stored = entry(&[], &[], NOW, BODY);
    for length in [0, 1, 10, u64::MAX] {
        let RangeAnswer::Parts(parts) = evaluate(&Method::GET, &headers, &stored.head, length)
        else {
            continue;
        };
        assert!((1..=16).contains(&parts.len()));
        assert!(parts.iter().all(|part| !part.is_empty() && part.end <= length));
        let printed: Vec<String> =
            parts.iter().map(|part| format!("{}-{}", part.start, part.end - 1)).collect();
        let again = one(RANGE, format!("bytes={}", printed.join(",")).as_bytes());
        let read = evaluate(&Method::GET, &again, &stored.head, length);
        assert_eq!(read, RangeAnswer::Parts(parts));
    }
    let statuses = [StatusCode::OK, StatusCode::PARTIAL_CONTENT, StatusCode::RANGE_NOT_SATISFIABLE];
    answers(&headers, &statuses);
}

pub(super) fn content_range(input: &Input) {
    let Ok(range) = extent::range_of(&input.field(CONTENT_RANGE)) else { return };
    let ContentRange { bytes, complete_length } = &range;
    assert!(!range.is_empty() && complete_length.is_none_or(|length| bytes.end <= length));
    let complete = complete_length.map_or("*".to_owned(), |length| length.to_string());
    let printed = format!("bytes {}-{}/{complete}", bytes.start, bytes.end - 1);
    assert_eq!(extent::range_of(&one(CONTENT_RANGE, printed.as_bytes())), Ok(range));
}

/// A stored response answers with one of these, with the length that it says, and with nothing to HEAD.
fn answers(request: &HeaderMap, statuses: &[StatusCode]) {
    let date = HeaderName::from_static("last-modified");
    for own in ["ETag: \"a\"", "ETag: W/\"a\"", "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT"] {
        let stored = entry(&[], &[own], NOW, BODY);
        let got = answer(&stored, &Method::GET, request, NOW);
        assert!(statuses.contains(&got.status), "{}", got.status);
        let length = got.headers.get(CONTENT_LENGTH).map(|line| line.to_str().expect("digits"));
        let sent = body_of(&stored, &got).len().to_string();
        assert!(length.is_none_or(|length| length == sent));
        assert!(
            got.status != StatusCode::OK
                || got.headers.get(&date) == stored.head.headers().get(&date)
        );
        let head = answer(&stored, &Method::HEAD, request, NOW);
        assert!(body_of(&stored, &head).is_empty());
    }
}
