//! What comes out does not depend on where chunks end.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::parse;

/// What a template is made of, whole and broken.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "<esi:include src=\"/a\"/>",
        "<esi:include src='/a?b=1&amp;c' alt=\"http://o.example/\" onerror=continue />",
        "<esi:include src=/a>",
        "<esi:include",
        "<esi:remove>",
        "</esi:remove >",
        "<esi:comment text=\"-->\"/>",
        "<esi:vars>",
        "<!--esi",
        "<!--esi ",
        "<!--",
        "-->",
        "--",
        "-",
        "<",
        "</",
        "</esi:",
        "<esi:",
        ">",
        "/>",
        "\"",
        "'",
        "=",
        " ",
        "text",
        "<p class=\"x\">",
        "\u{fc}",
    ])
}

proptest! {
    #[test]
    fn chunks_do_not_matter(pieces in vec(piece(), 0..40), cuts in vec(0_usize..400, 0..30)) {
        let template = pieces.concat().into_bytes();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(template.len())).collect();
        cuts.extend([0, template.len()]);
        cuts.sort_unstable();
        let chunks = cuts.windows(2).map(|pair| &template[pair[0]..pair[1]]);
        prop_assert_eq!(parse(chunks), parse([&template[..]]));
    }
}
