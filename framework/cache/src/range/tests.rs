use super::*;
use crate::sample::{head, headers};

fn evaluated(lines: &[&str], stored: &[&str], length: u64) -> RangeAnswer {
    evaluate(&Method::GET, &headers(lines), &head(200, &[], stored), length)
}

#[test]
fn ranges_of_ten_bytes() {
    let parts = |parts: &[(u64, u64)]| {
        RangeAnswer::Parts(parts.iter().map(|(start, end)| *start..*end).collect())
    };
    let table = [
        ("bytes=0-4", parts(&[(0, 5)])),
        ("bytes=4-4", parts(&[(4, 5)])),
        ("bytes=5-", parts(&[(5, 10)])),
        ("bytes=-3", parts(&[(7, 10)])),
        ("bytes=-30", parts(&[(0, 10)])),
        ("bytes=8-99", parts(&[(8, 10)])),
        ("bytes=0-18446744073709551615", parts(&[(0, 10)])),
        ("bytes=9-99999999999999999999", parts(&[(9, 10)])),
        ("BYTES=0-0", parts(&[(0, 1)])),
        ("bytes= 0-0 , -1", parts(&[(0, 1), (9, 10)])),
        ("bytes=,0-0,,-1,", parts(&[(0, 1), (9, 10)])),
        ("bytes=9-9,0-0", parts(&[(9, 10), (0, 1)])),
        ("bytes=0-0,20-", parts(&[(0, 1)])),
        ("bytes=10-", RangeAnswer::Unsatisfiable),
        ("bytes=99999999999999999999-", RangeAnswer::Unsatisfiable),
        ("bytes=10-11,-0", RangeAnswer::Unsatisfiable),
        ("bytes=0-6,4-9", RangeAnswer::Whole),
        ("bytes=4-3", RangeAnswer::Whole),
        ("bytes=0-0,4-3", RangeAnswer::Whole),
        ("bytes=x", RangeAnswer::Whole),
        ("bytes=-", RangeAnswer::Whole),
        ("bytes=+1-2", RangeAnswer::Whole),
        ("bytes=1--2", RangeAnswer::Whole),
        ("bytes=", RangeAnswer::Whole),
        ("bytes", RangeAnswer::Whole),
        ("bytes 0-4", RangeAnswer::Whole),
        ("pages=0-4", RangeAnswer::Whole),
        ("", RangeAnswer::Whole),
    ];
    for (value, expected) in table {
        assert_eq!(evaluated(&[&format!("Range: {value}")], &[], 10), expected, "{value}");
    }
    assert_eq!(evaluated(&[], &[], 10), RangeAnswer::Whole);
    assert_eq!(evaluated(&["Range: bytes=0-0", "Range: bytes=1-1"], &[], 10), RangeAnswer::Whole);
}

#[test]
fn ranges_of_nothing() {
    assert_eq!(evaluated(&["Range: bytes=0-"], &[], 0), RangeAnswer::Unsatisfiable);
    assert_eq!(evaluated(&["Range: bytes=-5"], &[], 0), RangeAnswer::Whole);
}

#[test]
fn many_ranges_are_ignored() {
    let asked = |count: usize| {
        let set: Vec<String> = (0..count).map(|at| format!("{at}-{at}")).collect();
        evaluated(&[&format!("Range: bytes={}", set.join(","))], &[], 1000)
    };
    assert!(matches!(asked(MAX_RANGES), RangeAnswer::Parts(parts) if parts.len() == MAX_RANGES));
    assert_eq!(asked(MAX_RANGES + 1), RangeAnswer::Whole);
    assert_eq!(asked(100_000), RangeAnswer::Whole);
}

#[test]
fn if_range() {
    const MODIFIED: &str = "Sun, 06 Nov 1994 08:00:00 GMT";
    let modified = format!("Last-Modified: {MODIFIED}");
    // The condition, the stored headers, and whether the range counts.
    let table: [(&str, &[&str], bool); 10] = [
        ("\"a\"", &["ETag: \"a\""], true),
        ("\"b\"", &["ETag: \"a\""], false),
        ("W/\"a\"", &["ETag: W/\"a\""], false),
        ("\"a\"", &["ETag: W/\"a\""], false),
        ("\"a\"", &[], false),
        (MODIFIED, &[&modified], true),
        (MODIFIED, &[&modified, "Date: Sun, 06 Nov 1994 08:00:00 GMT"], false),
        (MODIFIED, &[], false),
        ("Sun, 06 Nov 1994 09:00:00 GMT", &[&modified], false),
        ("soon", &[&modified], false),
    ];
    for (condition, stored, counts) in table {
        let lines = ["Range: bytes=0-0", &format!("If-Range: {condition}")];
        let got = evaluated(&lines, stored, 10) != RangeAnswer::Whole;
        assert_eq!(got, counts, "{condition} {stored:?}");
    }
}

#[test]
fn methods_and_statuses() {
    let request = headers(&["Range: bytes=0-0"]);
    let table = [
        (Method::GET, 200, true),
        (Method::GET, 206, true),
        (Method::GET, 404, false),
        (Method::HEAD, 200, false),
        (Method::POST, 200, false),
    ];
    for (method, status, counts) in table {
        let got = evaluate(&method, &request, &head(status, &[], &[]), 10);
        assert_eq!(got != RangeAnswer::Whole, counts, "{method} {status}");
    }
}
