use super::*;
use crate::sample::{NOW, entry, headers};

const MODIFIED: &str = "Last-Modified: Sun, 06 Nov 1994 07:00:00 GMT";

fn judged(stored: &[&str], status: u16, received: &[&str]) -> HeadUpdate {
    let (status, received) = (StatusCode::from_u16(status).unwrap(), headers(received));
    judge(&entry(stored), &ResponseView { status, headers: &received })
}

#[test]
fn same_or_outdated() {
    use HeadUpdate::{Nothing, Outdated, Update};
    let table: [(&[&str], &[&str], HeadUpdate); 13] = [
        (&["ETag: \"a\""], &["ETag: \"a\""], Update),
        (&["ETag: \"a\""], &["ETag: \"b\""], Outdated),
        (&["ETag: \"a\"", MODIFIED], &["ETag: \"a\""], Update),
        (&["ETag: \"a\""], &["ETag: \"a\"", MODIFIED], Outdated),
        (&[], &["ETag: \"a\""], Outdated),
        (&[MODIFIED], &[MODIFIED, "Content-Length: 10"], Update),
        (&[MODIFIED], &[MODIFIED, "Content-Length: 11"], Outdated),
        (&[MODIFIED], &[MODIFIED, "Content-Length: ten"], Outdated),
        (&["ETag: \"a\""], &[], Nothing),
        (&[], &[], Nothing),
        (&[], &["Content-Length: 10"], Nothing),
        (&[], &["Content-Length: 11"], Outdated),
        (&["ETag: \"a\""], &["ETag: \"a\"", "ETag: \"b\""], Outdated),
    ];
    for (stored, received, expected) in table {
        assert_eq!(judged(stored, 200, received), expected, "{stored:?} {received:?}");
    }
    assert_eq!(judged(&["ETag: \"a\""], 404, &["ETag: \"b\""]), HeadUpdate::Nothing);
}

#[test]
fn what_is_outdated_has_expired() {
    let expired = entry(&[]).expired();
    assert_eq!(expired.head.freshness().ttl_ms(expired.head.age_ms(NOW)), 0);
}
