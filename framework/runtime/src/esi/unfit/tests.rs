use http::{HeaderMap, HeaderValue, header};

use super::{CACHE_STATUS, add_detail, is_encoded};

#[test]
fn codings_other_than_identity_are_seen() {
    for (lines, expected) in [
        (vec![], false),
        (vec!["identity"], false),
        (vec!["Identity, ,"], false),
        (vec!["gzip"], true),
        (vec!["identity", "br"], true),
        (vec!["identity,zstd"], true),
    ] {
        let values = lines.iter().map(|line| HeaderValue::from_static(line));
        let headers = values.map(|value| (header::CONTENT_ENCODING, value)).collect();
        assert_eq!(is_encoded(&headers), expected, "{lines:?}");
    }
}

#[test]
fn a_detail_is_added_to_our_member_unless_it_has_one() {
    for (before, after) in [
        (vec![], vec![]),
        (vec!["a; hit"], vec!["a; hit; detail=esi-encoded"]),
        (vec!["b; hit", "a; hit"], vec!["b; hit", "a; hit; detail=esi-encoded"]),
        (vec!["a; fwd=stale; detail=x"], vec!["a; fwd=stale; detail=x"]),
    ] {
        let mut headers = HeaderMap::new();
        for line in before {
            headers.append(CACHE_STATUS, HeaderValue::from_static(line));
        }
        add_detail(&mut headers, "esi-encoded");
        let lines: Vec<&str> =
            headers.get_all(CACHE_STATUS).iter().map(|line| line.to_str().unwrap()).collect();
        assert_eq!(lines, after);
    }
}
