//! Fuzzing the parser: seeds from `corpus/`, changed at random. `SELVEDGE_FUZZ_SECONDS` makes it go on.

use std::path::Path;

use selvedge_esi::resolve;
use selvedge_fuzz::fuzz;

use crate::{Out, parse, text};

#[test]
fn template() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/corpus/template");
    fuzz(&folder, |bytes| {
        let out = parse([bytes]);
        for size in [1, 7] {
            assert_eq!(parse(bytes.chunks(size)), out, "in chunks of {size}");
        }
        let passed = text(&out);
        assert!(passed.len() <= bytes.len());
        // Where nothing can begin, all passes.
        let has = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
        if !has(b"<esi:") && !has(b"</esi:") && !has(b"<!--esi") {
            assert_eq!(passed, bytes);
        }
        for one in &out {
            if let Out::Include(include) = one
                && let Ok(address) = resolve(&include.src, "/a/b?c")
            {
                let target = &address.target;
                assert!(target.starts_with('/') && target.bytes().all(|it| it.is_ascii_graphic()));
            }
        }
    });
}
