//! Fuzzing every parser of a header that meets the network: seeds from `corpus/<parser>/`, changed at random.
//!
//! What must hold of the outcome stands in `parsers`. Each line of a seed file is one field value; a line break in an
//! input begins another line of the same field. `SELVEDGE_FUZZ_SECONDS` makes it go on.

use std::path::Path;

use selvedge_fuzz::fuzz;

use crate::parsers::{Input, PARSERS};

macro_rules! parsers {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            run(stringify!($name));
        })*

        #[test]
        fn no_parser_is_left_out() {
            let fuzzed = [$(stringify!($name)),*];
            assert!(PARSERS.iter().map(|(name, _)| *name).eq(fuzzed));
        }
    };
}

parsers! {
    accept_encoding accept_language age cache_control cache_status connection content_range cookie
    date etag expires if_modified_since if_none_match if_range key_header location pragma range
    request_cache_control surrogate_control target targeted vary
}

fn run(name: &str) {
    let (_, check) = PARSERS.iter().find(|(parser, _)| *parser == name).expect("a parser");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/corpus").join(name);
    fuzz(&folder, |bytes| check(&Input::of(bytes)));
}
