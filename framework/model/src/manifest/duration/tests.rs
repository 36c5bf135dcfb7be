//! Which texts are durations.

use super::parse;

#[test]
fn durations_in_milliseconds() {
    let cases = [
        ("250ms", Some(250)),
        ("0s", Some(0)),
        ("30s", Some(30_000)),
        ("5m", Some(300_000)),
        ("1h", Some(3_600_000)),
        ("2d", Some(172_800_000)),
        ("", None),
        ("5", None),
        ("m", None),
        ("5 m", None),
        ("-5m", None),
        ("+5m", None),
        ("1.5h", None),
        ("1h30m", None),
        ("5M", None),
        ("5é", None),
        ("٥m", None),
        ("99999999999999999999s", None),
        ("9999999999999999999d", None),
    ];
    for (text, expected) in cases {
        let found = parse(text).map(|duration| duration.as_millis());
        assert_eq!(found, expected, "for `{text}`");
    }
}
