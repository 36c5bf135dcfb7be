use super::*;
use crate::sample;

fn headers(text: &str) -> HeaderMap {
    sample::headers(&text.lines().collect::<Vec<_>>())
}

#[test]
fn who_is_marked_for_how_long() {
    let none = NoStore::NoFreshness;
    let table = [
        (Profile::Rfc, 200, "", none, Some(120_000)),
        (Profile::Rfc, 302, "", none, Some(120_000)),
        (Profile::Rfc, 200, "Cache-Control: private, max-age=600", NoStore::Private, Some(120_000)),
        (Profile::Rfc, 503, "", none, None),
        (Profile::Rfc, 304, "", NoStore::Status, None),
        (Profile::Rfc, 416, "", NoStore::Status, None),
        (Profile::Fastly, 412, "Cache-Control: public", NoStore::Status, None),
        (Profile::Rfc, 501, "", none, Some(120_000)),
        (Profile::Rfc, 200, "", NoStore::RequestNoStore, None),
        (Profile::Rfc, 200, "", NoStore::Authorization, Some(120_000)),
        (Profile::Fastly, 200, "Cache-Control: private", NoStore::Private, Some(120_000)),
        (
            Profile::Fastly,
            200,
            "Cache-Control: private, max-age=1",
            NoStore::Private,
            Some(120_000),
        ),
        (
            Profile::Fastly,
            200,
            "Cache-Control: private, max-age=600",
            NoStore::Private,
            Some(600_000),
        ),
        (
            Profile::Fastly,
            200,
            "Cache-Control: private, max-age=9999",
            NoStore::Private,
            Some(3_600_000),
        ),
        (Profile::Fastly, 307, "", none, None),
        (
            Profile::Fastly,
            307,
            "Cache-Control: public, no-store",
            NoStore::NoStoreDirective,
            Some(120_000),
        ),
        (Profile::Fastly, 500, "", none, None),
    ];
    for (profile, status, text, reason, expected) in table {
        let status = StatusCode::from_u16(status).unwrap();
        let marked = mark_after(status, &headers(text), reason, profile);
        assert_eq!(marked, expected, "{profile:?} {status} {text:?} {reason:?}");
    }
}

#[test]
fn a_mark_lasts_until_its_time_or_its_end() {
    let mut marks = Marks::default();
    let key = Key::new("s", "h", "/");
    marks.set(&key, false, 1000);
    assert!(marks.is_set(&key, false, 999) && !marks.is_set(&key, false, 1000));
    assert!(!marks.is_set(&key, true, 0) && !marks.is_set(&Key::new("s", "h", "/x"), false, 0));
    marks.end(&key);
    assert!(!marks.is_set(&key, false, 0));
    marks.set(&key, true, 1000);
    marks.end_target(&key);
    assert!(marks.is_empty());
}
