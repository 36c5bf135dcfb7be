//! What may be stored, by profile.

use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};

use super::{RequestView, ResponseView, storable};
use crate::decision::NoStore;
use crate::fields::storable_headers;
use crate::policy::{Override, Policy, SetCookie, Storing};
use crate::sample::{NOW, headers};
use crate::when::Times;

fn stored(
    policy: &Policy,
    over: &Override,
    status: u16,
    lines: &[&str],
) -> Result<(u64, &'static str), NoStore> {
    let (none, response) = (HeaderMap::new(), headers(lines));
    let request = RequestView { method: &Method::GET, headers: &none };
    let status = StatusCode::from_u16(status).unwrap();
    let view = ResponseView { status, headers: &response };
    let times = Times { requested_at_ms: NOW, received_at_ms: NOW };
    let freshness = storable(&request, &view, policy, over, times)?;
    Ok((freshness.lifetime_ms / 1000, freshness.source.as_str()))
}

type Case = (u16, &'static [&'static str], Result<(u64, &'static str), NoStore>);

const ETAG: &str = "ETag: \"a\"";
const MODIFIED: &str = "Last-Modified: Sun, 06 Nov 1994 08:32:57 GMT";

fn check(policy: &Policy, table: &[Case]) {
    for (status, lines, expected) in table {
        assert_eq!(
            stored(policy, &Override::default(), *status, lines),
            *expected,
            "{status} {lines:?}"
        );
    }
}

#[test]
fn by_the_rfc() {
    let table: [Case; 16] = [
        (200, &[], Err(NoStore::NoFreshness)),
        (200, &[ETAG], Ok((0, "none"))),
        (200, &[MODIFIED], Ok((100, "heuristic"))),
        (200, &["Last-Modified: recently"], Err(NoStore::NoFreshness)),
        (201, &[ETAG], Err(NoStore::Status)),
        (599, &[MODIFIED], Err(NoStore::Status)),
        (599, &["Cache-Control: public", ETAG], Ok((0, "none"))),
        (200, &["Cache-Control: stale-if-error=9"], Ok((0, "none"))),
        (200, &["Cache-Control: max-age=0"], Err(NoStore::Expired)),
        (200, &["Cache-Control: max-age=0", ETAG], Ok((0, "max-age"))),
        (200, &["Cache-Control: max-age=5", "Age: 9"], Err(NoStore::Expired)),
        (
            200,
            &["Cache-Control: max-age=5, stale-while-revalidate=4", "Age: 9"],
            Ok((5, "max-age")),
        ),
        (
            200,
            &["Cache-Control: max-age=5, stale-while-revalidate=3", "Age: 9"],
            Err(NoStore::Expired),
        ),
        (
            200,
            &["Cache-Control: max-age=5, stale-if-error=9, must-revalidate", "Age: 9"],
            Err(NoStore::Expired),
        ),
        (200, &["Cache-Control: max-age=5, no-cache"], Err(NoStore::NoCache)),
        (200, &["Cache-Control: no-cache", ETAG], Ok((0, "none"))),
    ];
    check(&Policy::rfc(), &table);
}

#[test]
fn by_the_rfc_field_by_field() {
    let table: [Case; 8] = [
        (200, &["Cache-Control: no-cache=\"a\", max-age=5"], Ok((5, "max-age"))),
        (200, &["Cache-Control: private=\"a\", max-age=5"], Ok((5, "max-age"))),
        (200, &["Cache-Control: private=\"content-type\", max-age=5"], Err(NoStore::Private)),
        (200, &["Cache-Control: max-age=5", "Set-Cookie: a=b"], Ok((5, "max-age"))),
        (999, &["Cache-Control: max-age=5"], Ok((5, "max-age"))),
        (200, &["CDN-Cache-Control: max-age=7", "Cache-Control: no-store"], Ok((7, "targeted"))),
        (200, &["CDN-Cache-Control: none", "Cache-Control: max-age=7"], Err(NoStore::NoFreshness)),
        (200, &["CDN-Cache-Control: private", "Cache-Control: max-age=7"], Err(NoStore::Private)),
    ];
    check(&Policy::rfc(), &table);
}

#[test]
fn by_fastly() {
    let table: [Case; 12] = [
        (200, &[], Ok((120, "default-ttl"))),
        (302, &[], Ok((120, "default-ttl"))),
        (200, &[MODIFIED], Ok((120, "default-ttl"))),
        (204, &[], Err(NoStore::Status)),
        (500, &["Cache-Control: public"], Err(NoStore::Status)),
        (500, &["Cache-Control: max-age=5"], Ok((5, "max-age"))),
        (200, &["Expires: 0"], Ok((120, "default-ttl"))),
        (200, &["Expires: Sun, 06 Nov 1994 08:49:36 GMT"], Err(NoStore::Expired)),
        (200, &["Cache-Control: private"], Err(NoStore::Private)),
        (200, &["Cache-Control: max-age=5", "Set-Cookie: a=b"], Err(NoStore::SetCookie)),
        (
            200,
            &["Cache-Control: private=\"set-cookie\"", "Set-Cookie: a=b"],
            Ok((120, "default-ttl")),
        ),
        (200, &["Cache-Control: max-age=60, s-maxage=90"], Ok((90, "s-maxage"))),
    ];
    check(&Policy::fastly(), &table);
}

#[test]
fn each_setting_by_itself() {
    let pass = Policy { set_cookie: SetCookie::Pass, ..Policy::rfc() };
    let table: [Case; 1] =
        [(200, &["Cache-Control: max-age=5", "Set-Cookie: a=b"], Err(NoStore::SetCookie))];
    check(&pass, &table);
    let none = Policy { default_ttl: None, ..Policy::fastly() };
    let table: [Case; 2] =
        [(200, &[MODIFIED], Ok((0, "none"))), (200, &[], Err(NoStore::NoFreshness))];
    check(&none, &table);
}

#[test]
fn what_an_override_does() {
    let ttl = Override { ttl: Some(Duration::from_secs(5)), ..Override::default() };
    let uncacheable = Override { storing: Storing::Refuse, ..Override::default() };
    let swr =
        Override { stale_while_revalidate: Some(Duration::from_secs(5)), ..Override::default() };
    let rfc = Policy::rfc();
    let always = Override { any_status: true, ..ttl };
    assert_eq!(stored(&rfc, &ttl, 302, &[]), Ok((5, "override")));
    assert_eq!(stored(&rfc, &ttl, 599, &[]), Err(NoStore::Status));
    assert_eq!(stored(&rfc, &always, 599, &[]), Ok((5, "override")));
    assert_eq!(stored(&rfc, &ttl, 200, &["Cache-Control: no-cache"]), Err(NoStore::NoCache));
    assert_eq!(
        stored(&rfc, &uncacheable, 200, &["Cache-Control: max-age=5"]),
        Err(NoStore::Uncacheable)
    );
    assert_eq!(stored(&rfc, &swr, 200, &["Cache-Control: max-age=0"]), Ok((0, "max-age")));
}

#[test]
fn a_decision_to_store_wins_over_what_is_missing_and_under_rfc_not_over_what_is_forbidden() {
    let store = Override { storing: Storing::Store, ..Override::default() };
    let for_a_while = Override { ttl: Some(Duration::from_secs(5)), any_status: true, ..store };
    let (rfc, fastly) = (Policy::rfc(), Policy::fastly());
    assert_eq!(stored(&rfc, &store, 500, &[]), Err(NoStore::NoFreshness));
    assert_eq!(stored(&rfc, &store, 500, &["ETag: \"a\""]), Ok((0, "none")));
    assert_eq!(stored(&fastly, &store, 500, &[]), Ok((120, "default-ttl")));
    let strict = Policy { set_cookie: SetCookie::Pass, ..rfc };
    for policy in [strict, fastly] {
        let kept = stored(&policy, &for_a_while, 500, &["Set-Cookie: a=b"]);
        assert_eq!(kept, Ok((5, "override")));
    }
    for (line, reason) in [
        ("Cache-Control: no-store", NoStore::NoStoreDirective),
        ("Cache-Control: private", NoStore::Private),
    ] {
        assert_eq!(stored(&rfc, &for_a_while, 200, &[line]), Err(reason));
        assert_eq!(stored(&fastly, &for_a_while, 200, &[line]), Ok((5, "override")));
    }
    for policy in [rfc, fastly] {
        let star = stored(&policy, &for_a_while, 200, &["Vary: *"]);
        assert_eq!(star, Err(NoStore::VaryStar));
        assert_eq!(stored(&policy, &for_a_while, 304, &[]), Err(NoStore::Status));
    }
}

#[test]
fn what_an_override_leaves_open_is_said_by_the_one_below() {
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    let below = Override {
        ttl: seconds(1),
        any_status: true,
        stale_if_error: seconds(2),
        storing: Storing::Refuse,
        ..Override::default()
    };
    assert_eq!(Override::default().or(below), below);
    let above = Override { ttl: seconds(3), storing: Storing::Store, ..Override::default() };
    assert_eq!(above.or(below), Override { stale_if_error: seconds(2), ..above });
}

#[test]
fn qualified_fields_are_left_out() {
    let response = headers(&[
        "Cache-Control: no-cache=\"A, b\", private=c, max-age=5",
        "A: 1",
        "B: 2",
        "C: 3",
        "D: 4",
    ]);
    let kept = storable_headers(&response);
    let names: Vec<&str> = kept.keys().map(|name| name.as_str()).collect();
    assert_eq!(names, ["cache-control", "d"]);
    assert_eq!(storable_headers(&kept), kept);
}
