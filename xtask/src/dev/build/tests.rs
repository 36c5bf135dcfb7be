//! What is read off cargo's messages.

use std::path::PathBuf;

use super::{Binaries, executable, pick};

#[test]
fn paths_in_messages() {
    let table = [
        (r#"{"reason":"x","executable":"/t/shop","fresh":true}"#, Some("/t/shop")),
        (r#"{"executable":"/t/a \"b\"/shop"}"#, Some(r#"/t/a "b"/shop"#)),
        (r#"{"executable":null}"#, None),
        (r#"{"executable":"/t/unfinished"#, None),
        ("warning: unused", None),
    ];
    for (line, path) in table {
        assert_eq!(executable(line), path.map(PathBuf::from), "{line}");
    }
}

#[test]
fn the_node_is_named_as_the_package() {
    let found = ["/t/shop-origin", "/t/shop"].map(PathBuf::from);
    let both = Binaries { node: "/t/shop".into(), origin: Some("/t/shop-origin".into()) };
    assert_eq!(pick("shop", &found), Ok(both));
    assert_eq!(pick("shop", &found[1..]).unwrap().origin, None);
    let failure = pick("shop", &found[..1]).unwrap_err();
    assert_eq!(failure.what, "the package `shop` builds no binary `shop`");
}
