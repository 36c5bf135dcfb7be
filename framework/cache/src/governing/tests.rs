//! The order of the fields.

use super::Governing;
use crate::sample::headers;

#[test]
fn the_first_field_that_speaks_of_caching_decides_alone() {
    let table: [(&[&str], &str); 7] = [
        (&[], "cache-control"),
        (&["Cache-Control: no-store"], "cache-control"),
        (&["Cache-Control: no-store", "Surrogate-Control: max-age=1"], "surrogate"),
        (&["Cache-Control: no-store", "Surrogate-Control: content=\"ESI/1.0\""], "cache-control"),
        (&["Surrogate-Control: max-age=1", "CDN-Cache-Control: max-age=2"], "targeted"),
        (&["Surrogate-Control: max-age=1", "CDN-Cache-Control: none"], "targeted"),
        (&["Surrogate-Control: max-age=1", "CDN-Cache-Control: max-age = 2"], "surrogate"),
    ];
    for (lines, expected) in table {
        let governing = Governing::of(&headers(lines));
        let word = match governing {
            Governing::Targeted(_) => "targeted",
            Governing::Surrogate(_) => "surrogate",
            Governing::CacheControl(_) => "cache-control",
        };
        assert_eq!(word, expected, "{lines:?}");
    }
}
