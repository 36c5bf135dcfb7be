//! Fuzzing what strangers say of the way that a request has come: seeds from `corpus/`, changed at random.
//! `SELVEDGE_FUZZ_SECONDS` makes it go on.

use std::{path::Path, sync::Arc};

use http::{HeaderMap, HeaderValue};
use selvedge_fuzz::fuzz;
use selvedge_runtime::{
    esi::Abroad,
    hops::{CDN_LOOP, Hops, mark},
    ids::NodeId,
};

#[test]
fn cdn_loop() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/corpus/cdn_loop");
    fuzz(&folder, |bytes| {
        let mut headers = HeaderMap::new();
        for line in bytes.split(|byte| *byte == b'\n') {
            headers.extend(HeaderValue::from_bytes(line).ok().map(|value| (CDN_LOOP, value)));
        }
        let (node, abroad) = (NodeId::of(7), Arc::new(Abroad::default()));
        let hops = Hops::from_stranger(&headers, &node, &abroad);
        let said = hops.count();
        let text = bytes.to_ascii_lowercase();
        let times = |word: &[u8]| text.windows(word.len()).filter(|it| *it == word).count();
        assert!(said <= times(b"selvedge"), "{said} hops");
        // Who does not know the node's id cannot say that it has been there.
        assert!(!hops.have_returned() || times(node.as_str().as_bytes()) > 0);
        // A page that is named is one that nobody knows; its number is that of none that there will be.
        let is_in_page = hops.nest().number(&abroad).is_some();
        assert!(!is_in_page || (hops.have_returned() && times(b"page") > 0));
        // Once more past us is one more, and this node knows itself.
        mark(&mut headers, &node, None);
        let hops = Hops::from_stranger(&headers, &node, &abroad);
        assert_eq!(hops.count(), said + 1);
        assert!(hops.have_returned());
    });
}
