//! Dates as the world writes them.

const NOW: u64 = 1_795_267_961_000;

fn parse_http_date(text: &str) -> Option<u64> {
    super::parse_http_date(text, NOW)
}

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
fn two_digit_years_are_at_most_fifty_years_ahead() {
    let year = |text: &str, now_ms| {
        super::parse_http_date(text, now_ms).map(|ms| 1970 + ms / 31_557_600_000)
    };
    // At present, 21 November 2026.
    assert_eq!(year("Monday, 01-Jul-69 00:00:00 GMT", NOW), Some(2069));
    assert_eq!(year("Thursday, 06-Nov-70 08:49:37 GMT", NOW), Some(2070));
    assert_eq!(year("Wednesday, 01-Jul-76 00:00:00 GMT", NOW), Some(2076));
    assert_eq!(
        year("Tuesday, 22-Dec-76 00:00:00 GMT", NOW),
        None,
        "beyond the 50 years by a month"
    );
    assert_eq!(year("Friday, 01-Jul-77 00:00:00 GMT", NOW), Some(1977));
    // The weekday says which of two it is.
    assert_eq!(year("Wednesday, 01-Jul-70 00:00:00 GMT", NOW), Some(1970));
    assert_eq!(year("Monday, 01-Jul-70 00:00:00 GMT", NOW), None);
    // In 1994.
    assert_eq!(year("Friday, 01-Jul-33 00:00:00 GMT", RFC_EXAMPLE), Some(2033));
    assert_eq!(year("Wednesday, 01-Jul-70 00:00:00 GMT", RFC_EXAMPLE), Some(1970));
    assert_eq!(year("Tuesday, 01-Jul-70 00:00:00 GMT", RFC_EXAMPLE), None, "76 years ahead");
}

#[test]
fn a_leap_second_is_the_next_minutes_first() {
    let minute = parse_http_date("Sat, 01 Jan 2030 00:00:00 GMT");
    assert_eq!(minute, None, "a Tuesday");
    let minute = parse_http_date("Tue, 01 Jan 2030 00:00:00 GMT");
    assert!(minute.is_some());
    for text in [
        "Mon, 31 Dec 2029 23:59:60 GMT",
        "Monday, 31-Dec-29 23:59:60 GMT",
        "Mon Dec 31 23:59:60 2029",
    ] {
        assert_eq!(parse_http_date(text), minute, "{text}");
    }
    assert_eq!(parse_http_date("Mon, 31 Dec 2029 23:59:61 GMT"), None);
    let last = parse_http_date("Fri, 31 Dec 9999 23:59:59 GMT");
    assert!(last.is_some());
    assert_eq!(parse_http_date("Fri, 31 Dec 9999 23:59:60 GMT"), last, "the end of time");
}
