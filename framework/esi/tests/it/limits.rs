//! A tag at its limit and one byte beyond, wherever the chunks end.

use selvedge_esi::Flaw;
use selvedge_model::limits::ESI_TAG_MAX;

use crate::{Out, parse, text};

/// A template whose one tag has so many bytes.
fn template(length: usize) -> Vec<u8> {
    let (before, after) = ("<esi:include src=\"/", "\"/>");
    let filling = "x".repeat(length - before.len() - after.len());
    format!("a{before}{filling}{after}b").into_bytes()
}

#[test]
fn a_tag_has_a_limit_and_beyond_it_is_text() {
    for size in [1, 1000, usize::MAX] {
        let out = parse(template(ESI_TAG_MAX).chunks(size));
        assert!(matches!(out[..], [Out::Text(_), Out::Include(_), Out::Text(_)]), "{size}");
        let long = template(ESI_TAG_MAX + 1);
        let out = parse(long.chunks(size));
        assert_eq!(out[1], Out::Flaw(Flaw::TagTooLong), "{size}");
        assert_eq!(text(&out), long, "{size}");
    }
}

#[test]
fn a_quote_without_an_end_does_not_swallow_the_page() {
    let page = format!(
        "<esi:include src=\"/a/>{}<esi:include src=\"/b\"/>",
        "text ".repeat(ESI_TAG_MAX / 5)
    );
    let out = parse(page.as_bytes().chunks(4096));
    assert_eq!(out[0], Out::Flaw(Flaw::TagTooLong));
    assert!(matches!(&out[2], Out::Include(include) if include.src == "/b"), "{out:?}");
}
