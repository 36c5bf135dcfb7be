use selvedge_model::limits::KV_KEY_MAX;

use super::{UNCLEAR, wrong};
use crate::admin::kv::batch::line;

#[test]
fn a_line_that_cannot_be_read_says_which_member_it_is() {
    for (line, key, why) in [
        ("5", "", "the line is a JSON object, not a number"),
        ("\"x\"", "", "the line is a JSON object, not a text"),
        ("null", "", "the line is a JSON object, not null"),
        (r#"["k",""]"#, "", "the line is a JSON object, not a list"),
        ("{", "", "the line is not JSON: EOF while parsing an object, at byte 1"),
        (r#"{"key":"k",}"#, "", "the line is not JSON: trailing comma, at byte 12"),
        ("{}", "", "`key` is missing"),
        (r#"{"value":""}"#, "", "`key` is missing"),
        (r#"{"key":"k"}"#, "k", "`value` is missing"),
        (r#"{"key":7,"value":""}"#, "", "`key` is a text, not a number"),
        (r#"{"value":{"a":[1]},"key":"k"}"#, "k", "`value` is a text in base64, not an object"),
        (r#"{"key":"k","value":null}"#, "k", "`value` is a text in base64, not null"),
        (r#"{"key":"k","value":"","value":""}"#, "k", "`value` is there twice"),
        (
            r#"{"key":"k","value":"","time_to_live_sec":"60"}"#,
            "k",
            "`time_to_live_sec` is a whole number of seconds, not a text",
        ),
        (
            r#"{"key":"k","value":"","time_to_live_sec":-1}"#,
            "k",
            "`time_to_live_sec` is a whole number of seconds, not a number below zero",
        ),
        (
            r#"{"key":"k","value":"","time_to_live_sec":1.5}"#,
            "k",
            "`time_to_live_sec` is a whole number of seconds, not a number with a fraction",
        ),
        (r#"{"key":"k","value":"","metadata":["a"]}"#, "k", "`metadata` is a text, not a list"),
        (
            r#"{"key":"k","value":"","background_fetch":1}"#,
            "k",
            "`background_fetch` is `true` or `false`, not a number",
        ),
        (
            r#"{"ttl":1,"key":"k","value":""}"#,
            "k",
            "there is no member `ttl`; there are `key`, `value`, `time_to_live_sec`, `metadata`, `background_fetch`",
        ),
    ] {
        assert_eq!(wrong(line.as_bytes()), (key.to_owned(), why.to_owned()), "{line}");
        assert!(line::read(line.as_bytes()).is_err(), "{line}");
    }
}

/// What can be read is none of its business.
#[test]
fn a_line_that_can_be_read_has_nothing_wrong() {
    for line in [
        r#"{"key":"k","value":""}"#,
        r#"{"key":"k","value":"","time_to_live_sec":null,"metadata":null,"background_fetch":true}"#,
        r#" {"key":"k","value":"","time_to_live_sec":60,"metadata":" m "} "#,
    ] {
        assert!(line::read(line.as_bytes()).is_ok(), "{line}");
        assert_eq!(wrong(line.as_bytes()).1, UNCLEAR, "{line}");
    }
}

#[test]
fn metadata_is_written_as_it_was_sent() {
    for metadata in [" m ", "\tm", "", " ", "m\u{a0}", "é"] {
        let text =
            format!(r#"{{"key":"k","value":"","metadata":{}}}"#, serde_json::json!(metadata));
        let (_, write) = line::read(text.as_bytes()).unwrap();
        assert_eq!(write.metadata.as_deref(), Some(metadata));
    }
}

#[test]
fn what_is_told_does_not_grow_with_the_line() {
    let name = "n".repeat(100_000);
    let (key, why) = wrong(format!(r#"{{"key":"{name}","{name}":1}}"#).as_bytes());
    assert!(key.len() <= KV_KEY_MAX && why.len() < 300, "{} and {}", key.len(), why.len());
}
