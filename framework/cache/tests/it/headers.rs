//! What the cache writes: `Cache-Status` members, keys as text, and what is stripped.

use http::StatusCode;
use selvedge_cache::cache_status::{member, write_plain_member};
use selvedge_cache::{Key, MissReason, PassReason, StatusMember, Verdict, strip_surrogate};

use crate::support::headers;

fn status(verdict: Verdict) -> StatusMember<'static> {
    StatusMember::of(verdict)
}

#[test]
fn cache_status_members() {
    let hit = status(Verdict::Hit);
    let miss = status(Verdict::Miss(MissReason::UriMiss));
    let stale = status(Verdict::Miss(MissReason::Stale));
    let table = [
        (StatusMember { ttl_ms: Some(59_999), ..hit }, "hit; ttl=59"),
        (StatusMember { stored: true, ..hit }, "hit"),
        (StatusMember { stored: true, ..miss }, "fwd=uri-miss; stored"),
        (StatusMember { ttl_ms: Some(0), stored: true, ..miss }, "fwd=uri-miss; stored; ttl=0"),
        (StatusMember { collapsed: Some(true), ..miss }, "fwd=uri-miss; collapsed"),
        (StatusMember { collapsed: Some(false), ..miss }, "fwd=uri-miss; collapsed=?0"),
        (StatusMember { collapsed: Some(true), fwd_status: Some(304), ..hit }, "hit"),
        (stale.forwarded(StatusCode::NOT_MODIFIED, StatusCode::OK), "fwd=stale; fwd-status=304"),
        (stale.forwarded(StatusCode::OK, StatusCode::OK), "fwd=stale"),
        (status(Verdict::Miss(MissReason::Request)), "fwd=request"),
        (status(Verdict::Miss(MissReason::Partial)), "fwd=partial"),
        (
            StatusMember { fwd_status: Some(503), detail: Some("no-store"), ..miss },
            "fwd=uri-miss; fwd-status=503; detail=no-store",
        ),
        (StatusMember { ttl_ms: Some(-1), ..stale }, "fwd=stale; ttl=-1"),
        (StatusMember { ttl_ms: Some(i64::MAX), ..hit }, "hit; ttl=999999999999999"),
        (status(Verdict::Miss(MissReason::VaryMiss)), "fwd=vary-miss"),
    ];
    all_read(&table);
}

#[test]
fn cache_status_details() {
    let miss = status(Verdict::Miss(MissReason::UriMiss));
    let pass = |reason| status(Verdict::Pass(reason));
    let table = [
        (pass(PassReason::Requested), "fwd=bypass; detail=requested"),
        (pass(PassReason::CacheOff), "fwd=bypass; detail=cache-off"),
        (pass(PassReason::Method), "fwd=method"),
        (
            StatusMember { detail: Some("ancestor"), ..pass(PassReason::Requested) },
            "fwd=bypass; detail=ancestor",
        ),
        (StatusMember { key: Some("a/\"é\\"), ..miss }, "fwd=uri-miss; key=\"a/\\\"%C3%A9\\\\\""),
        (StatusMember { detail: Some("two words"), ..miss }, "fwd=uri-miss; detail=\"two words\""),
        (StatusMember { detail: Some(""), ..miss }, "fwd=uri-miss; detail=\"\""),
        (status(Verdict::Synthetic), "detail=synthetic"),
    ];
    all_read(&table);
}

fn all_read(table: &[(StatusMember<'_>, &str)]) {
    for (status, expected) in table {
        let id = ["LHR", "/", "catalog"];
        assert_eq!(member(&id, status), format!("\"LHR/catalog\"; {expected}"));
        let mut written = Vec::new();
        write_plain_member(&id, status, &mut written);
        assert_eq!(written, member(&id, status).as_bytes());
    }
}

#[test]
fn verdicts_have_words() {
    assert_eq!(Verdict::Miss(MissReason::Stale).reason(), Some("stale"));
    assert_eq!(Verdict::Pass(PassReason::Method).as_str(), "pass");
    assert_eq!(Verdict::Hit.reason(), None);
    assert!(Verdict::Hit.is_hit() && !Verdict::Synthetic.is_hit());
}

#[test]
fn keys_as_text() {
    let table = [
        ("Shop.LOCALHOST", "/users?x=1", "shop.localhost/users?x=1"),
        ("shop.localhost", "", "shop.localhost/"),
        ("shop.localhost", "?x=1", "shop.localhost/?x=1"),
    ];
    for (host, path, expected) in table {
        assert_eq!(Key::new("shop", host, path).to_string(), expected);
    }
}

#[test]
fn keys_do_not_run_into_each_other() {
    let keys = [
        Key::new("shop", "a/b", "/c"),
        Key::new("shop", "a", "/b/c"),
        Key::new("sho", "pa", "/b/c"),
        Key::new("shop", "a", "/B/c"),
    ];
    for (index, key) in keys.iter().enumerate() {
        assert!(keys[index + 1..].iter().all(|other| other != key), "{key}");
    }
    assert_eq!(Key::new("shop", "A", "/b"), Key::new("shop", "a", "/b"));
}

#[test]
fn surrogate_headers_are_stripped() {
    let mut map = headers(&["Surrogate-Key: a b", "Surrogate-Control: max-age=1", "ETag: \"x\""]);
    strip_surrogate(&mut map);
    assert_eq!(map, headers(&["ETag: \"x\""]));
}
