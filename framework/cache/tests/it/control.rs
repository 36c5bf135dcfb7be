//! What the directive parsers make of odd fields.

use http::header::CACHE_CONTROL;
use selvedge_cache::{CacheControl, Delta, SurrogateControl};

use crate::support::headers;

#[test]
fn max_age_as_read() {
    let table = [
        ("", Delta::Absent),
        ("max-age=0", Delta::Seconds(0)),
        ("max-age=007", Delta::Seconds(7)),
        (" \t max-age=60 \t ", Delta::Seconds(60)),
        ("max-age=\"60\"", Delta::Seconds(60)),
        ("max-age=\"60", Delta::Invalid),
        ("max-age=\"6\\0\"", Delta::Invalid),
        ("max-age=60=60", Delta::Invalid),
        ("max-age=60 60", Delta::Invalid),
        ("max-age=+60", Delta::Invalid),
        ("max-age=2147483648", Delta::Seconds(1 << 31)),
        ("max-age=2147483649", Delta::Seconds(1 << 31)),
        ("max-age=18446744073709551616", Delta::Seconds(1 << 31)),
        ("max-age=60, MAX-AGE=60", Delta::Seconds(60)),
        ("max-age=60, max-age=x", Delta::Invalid),
        ("max-age=x, max-age=60, max-age=60", Delta::Invalid),
        ("a=\"\\\", max-age=9\", max-age=60", Delta::Seconds(60)),
        ("a=\"max-age=9\"", Delta::Absent),
        ("a=\"x, max-age=60", Delta::Seconds(60)),
        ("xmax-age=60", Delta::Absent),
        ("=60", Delta::Absent),
    ];
    for (value, expected) in table {
        let headers = headers(&[&format!("Cache-Control: {value}")]);
        let control = CacheControl::parse(&headers, CACHE_CONTROL);
        assert_eq!(control.max_age, expected, "{value}");
    }
}

#[test]
fn every_directive_is_known() {
    let line = "Cache-Control: no-store, no-cache, private, public, must-revalidate, \
                proxy-revalidate, must-understand, immutable, max-age=1, s-maxage=2, \
                stale-while-revalidate=3, stale-if-error=4";
    let expected = CacheControl {
        no_store: true,
        no_cache: true,
        private: true,
        withheld: Vec::new(),
        public: true,
        must_revalidate: true,
        proxy_revalidate: true,
        must_understand: true,
        immutable: true,
        max_age: Delta::Seconds(1),
        s_maxage: Delta::Seconds(2),
        stale_while_revalidate: Delta::Seconds(3),
        stale_if_error: Delta::Seconds(4),
    };
    assert_eq!(CacheControl::parse(&headers(&[line]), CACHE_CONTROL), expected);
}

#[test]
fn qualified_directives_name_what_is_withheld() {
    let table = [
        ("no-cache=\"a, B\"", (false, vec!["a", "b"])),
        ("no-cache=\"a\", no-cache", (true, vec!["a"])),
        ("no-cache=\"\"", (true, vec![])),
        ("no-cache=\"a", (true, vec![])),
        ("no-cache=\"a, vary\"", (true, vec![])),
        ("private=\"cdn-cache-control\"", (false, vec![])),
    ];
    for (value, expected) in table {
        let headers = headers(&[&format!("Cache-Control: {value}")]);
        let control = CacheControl::parse(&headers, CACHE_CONTROL);
        let withheld = control.withheld.iter().map(|name| name.as_str()).collect();
        assert_eq!((control.no_cache, withheld), expected, "{value}");
    }
}

#[test]
fn bytes_beyond_ascii_are_skipped() {
    let mut map = headers(&[]);
    let line = http::HeaderValue::from_bytes(b"\xff\xfe=\x80, no-store").expect("obs-text");
    map.insert(CACHE_CONTROL, line);
    assert!(CacheControl::parse(&map, CACHE_CONTROL).no_store);
}

#[test]
fn surrogate_control_counts_only_with_a_caching_directive() {
    let table = [
        ("", false),
        ("content=\"ESI/1.0\"", false),
        ("foo, bar=1", false),
        ("max-age=1", true),
        ("max-age", true),
        ("no-store", true),
        ("no-cache", true),
        ("private", true),
        ("must-revalidate", true),
        ("stale-while-revalidate=5", true),
        ("content=\"ESI/1.0\", stale-if-error=5", true),
    ];
    for (value, expected) in table {
        let headers = headers(&[&format!("Surrogate-Control: {value}")]);
        assert_eq!(SurrogateControl::parse(&headers).is_some(), expected, "{value}");
    }
}
