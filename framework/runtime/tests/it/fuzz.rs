//! Fuzzing what strangers say of the way that a request has come: seeds from `corpus/`, changed at random.
//! `SELVEDGE_FUZZ_SECONDS` makes it go on.

use std::path::Path;

use http::{HeaderMap, HeaderValue};
use selvedge_fuzz::fuzz;
use selvedge_runtime::hops::{CDN_LOOP, Hops};

#[test]
fn cdn_loop() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/corpus/cdn_loop");
    fuzz(&folder, |bytes| {
        let mut headers = HeaderMap::new();
        for line in bytes.split(|byte| *byte == b'\n') {
            headers.extend(HeaderValue::from_bytes(line).ok().map(|value| (CDN_LOOP, value)));
        }
        let said = Hops::from_stranger(&headers).count();
        let text = bytes.to_ascii_lowercase();
        let named = text.windows(8).filter(|word| *word == b"selvedge").count();
        assert!(said <= named, "{said} of {named}");
        // Once more past us is one more.
        headers.append(CDN_LOOP, HeaderValue::from_static("selvedge"));
        assert_eq!(Hops::from_stranger(&headers).count(), said + 1);
    });
}
