use http::HeaderMap;
use http::header::{CONTENT_LENGTH, DATE};

use super::*;
use crate::answer::{answer_headers, strip_surrogate};
use crate::sample::{NOW, body, entry, head};

const AT: u64 = NOW + 5_900;

fn written(entry: &Entry, audience: Audience) -> Result<String, Unlike> {
    let mut text = Vec::new();
    write_answer(entry, audience, AT, &mut text)?;
    Ok(String::from_utf8(text).unwrap())
}

fn text(headers: &HeaderMap) -> String {
    let line = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        format!("\r\n{name}: {}", value.to_str().unwrap())
    };
    headers.iter().map(line).collect()
}

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn the_lines_are_those_of_the_map() {
    for stored in [
        &[][..],
        &["Content-Type: text/plain", "Content-Length: 10", "ETag: \"a\""],
        &["Accept-Ranges: bytes", "X-Own: 1", "X-Own: 2", "Set-Cookie: a=1", "Set-Cookie: b=2"],
        &["X-Empty:", "Vary: Accept", "Server: s"],
        &["Surrogate-Key: a b", "X-Own: 1", "Surrogate-Control: max-age=5", "Link: </a>"],
    ] {
        let entry = entry(stored);
        let mut map = answer_headers(&entry, AT);
        assert_eq!(written(&entry, Audience::Surrogates), Ok(text(&map)), "{stored:?}");
        strip_surrogate(&mut map);
        let for_clients = written(&entry, Audience::Clients).unwrap();
        assert_eq!(sorted(&for_clients), sorted(&text(&map)), "{stored:?}");
    }
}

#[test]
fn only_what_offers_ranges_says_so() {
    let entry = Entry::new(head(404, &[], &[]), body(&[b"no"]));
    let text = written(&entry, Audience::Clients).unwrap();
    assert!(!text.contains("accept-ranges") && text.contains("\r\ncontent-length: 2"), "{text}");
}

#[test]
fn nothing_is_written_that_could_differ_from_the_map() {
    for (status, stored, why) in [
        (200, &["Cache-Status: other; hit"][..], Unlike::Listed),
        (200, &["X-Served-By: a"], Unlike::Listed),
        (200, &["X-Cache: HIT"], Unlike::Listed),
        (200, &["X-Cache-Hits: 1"], Unlike::Listed),
        (200, &["X-Timer: S1.0,VS0,VE0"], Unlike::Listed),
        (200, &["Content-Length: 11"], Unlike::Corrected),
        (200, &["Content-Length: 10", "Content-Length: 10"], Unlike::Corrected),
        (200, &["Accept-Ranges: none"], Unlike::Corrected),
        (200, &["Accept-Ranges: bytes", "Accept-Ranges: bytes"], Unlike::Corrected),
        (204, &[], Unlike::Bodiless),
    ] {
        let entry = Entry::new(head(status, &[], stored), body(&[b"0123456789"]));
        assert_eq!(written(&entry, Audience::Clients), Err(why), "{status} {stored:?}");
    }
}

#[test]
fn what_is_stored_has_a_date_and_the_answer_a_length() {
    let text = written(&entry(&[]), Audience::Clients).unwrap();
    for name in [DATE, CONTENT_LENGTH] {
        assert!(text.contains(&format!("{name}: ")), "{text}");
    }
}
