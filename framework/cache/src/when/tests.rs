//! Dates as the world writes them.

use super::parse_http_date;

const RFC_EXAMPLE: u64 = 784_111_777_000;

#[test]
fn valid_dates() {
    let texts = [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "sun, 06 nov 1994 08:49:37 gmt",
        "SUN, 06 NOV 1994 08:49:37 GMT",
        "sUN, 06 nOV 1994 08:49:37 gMt",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "SUNDAY, 06-NOV-94 08:49:37 gmt",
        "Sun Nov  6 08:49:37 1994",
        "sun nov  6 08:49:37 1994",
    ];
    for text in texts {
        assert_eq!(parse_http_date(text), Some(RFC_EXAMPLE), "{text}");
    }
}

#[test]
fn invalid_dates() {
    let texts = [
        "",
        "0",
        "784111777",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 AEST",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 8:49:37 GMT",
        "Sun, 06  Nov 1994 08:49:37 GMT",
        "Sun, 06-Nov-1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08.49.37 GMT",
        "Sun 06 Nov 1994 08:49:37 GMT",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Wed, 31 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Wed, 31 Dec 1969 23:59:59 GMT",
        "Sün, 06 Nov 1994 08:49:37 GMT",
    ];
    for text in texts {
        assert_eq!(parse_http_date(text), None, "{text}");
    }
}

#[test]
fn two_digit_years_turn_at_seventy() {
    let year = |text: &str| parse_http_date(text).map(|ms| 1970 + ms / 31_557_600_000);
    assert_eq!(year("Monday, 01-Jul-69 00:00:00 GMT"), Some(2069));
    assert_eq!(year("Wednesday, 01-Jul-70 00:00:00 GMT"), Some(1970));
}
