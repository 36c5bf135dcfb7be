//! Which values mean the same, and which only might.

use http::HeaderName;
use http::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE};

use super::normal_form;

fn form(name: &HeaderName, value: &str) -> Option<String> {
    let form = normal_form(name, value.as_bytes())?;
    Some(String::from_utf8(form.into()).expect("lists are ASCII"))
}

#[test]
fn normal_forms() {
    let table = [
        (ACCEPT_LANGUAGE, "en, de", Some("de, en")),
        (ACCEPT_LANGUAGE, " eN ,,\tDe,", Some("de, en")),
        (ACCEPT_LANGUAGE, "de-AT;q=0.5, *;q=0", Some("*;q=0.000, de-at;q=0.500")),
        (ACCEPT_LANGUAGE, "en;q=1, de ; Q=1.000", Some("de, en")),
        (ACCEPT_LANGUAGE, "en, EN;q=1.0", Some("en")),
        (ACCEPT_LANGUAGE, "", Some("")),
        (ACCEPT_ENCODING, "GZIP, br", Some("br, gzip")),
        (ACCEPT_ENCODING, "br;q=0.9,gzip;q=0.90", Some("br;q=0.900, gzip;q=0.900")),
        (ACCEPT_ENCODING, "x-gzip, X-Compress", Some("compress, gzip")),
        (ACCEPT_ENCODING, "gzip;q=0", Some("gzip;q=0.000")),
        // One member with two weights says two things.
        (ACCEPT_LANGUAGE, "en, en;q=0.5", None),
        (ACCEPT_ENCODING, "gzip;q=0, x-gzip", None),
        // Outside the grammar.
        (ACCEPT_LANGUAGE, "en;q=2", None),
        (ACCEPT_LANGUAGE, "en;q=1.001", None),
        (ACCEPT_LANGUAGE, "en;q=0.1234", None),
        (ACCEPT_LANGUAGE, "en;q=", None),
        (ACCEPT_LANGUAGE, "en;q=0.x", None),
        (ACCEPT_LANGUAGE, "en;q=x", None),
        (ACCEPT_LANGUAGE, "en;level=1", None),
        (ACCEPT_LANGUAGE, "en de", None),
        (ACCEPT_LANGUAGE, ";q=1", None),
        (ACCEPT_LANGUAGE, "en_GB", None),
        (ACCEPT_ENCODING, "\"gzip\"", None),
        // A field that nobody looks into.
        (ACCEPT, "text/html, text/plain", None),
    ];
    for (name, value, expected) in table {
        assert_eq!(form(&name, value).as_deref(), expected, "{name}: {value}");
    }
}

#[test]
fn a_normal_form_is_its_own() {
    let parts = ["en", "DE;q=0.5", ",", ";q=1", " ", "*", "x-gzip", ";", "q=0.05", "=", "\u{e9}"];
    for number in 0..parts.len().pow(4) {
        let pick = |place: u32| parts[number / parts.len().pow(place) % parts.len()];
        let value: String = (0..4).map(pick).collect();
        for name in [ACCEPT_ENCODING, ACCEPT_LANGUAGE] {
            let Some(once) = form(&name, &value) else { continue };
            assert_eq!(form(&name, &once), Some(once), "{name}: {value}");
        }
    }
}
