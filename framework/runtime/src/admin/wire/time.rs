//! Times as the management API writes them (platform.md sections 1.3 and 16, row 7).
//!
//! Everything is in RFC 3339 and UTC: whole seconds, and milliseconds where KV stores say when they were made.

use std::time::{Duration, SystemTime};

use humantime::{format_rfc3339_millis, format_rfc3339_seconds};

/// The last moment that has a form: the end of the year 9999, in milliseconds since the Unix epoch.
const LAST_MS: u64 = 253_402_300_799_999;

/// `2023-01-19T11:28:14Z`.
pub(in crate::admin) fn seconds(ms: u64) -> String {
    format_rfc3339_seconds(moment(ms)).to_string()
}

/// `2022-11-15T16:52:21.834Z`.
pub(in crate::admin) fn millis(ms: u64) -> String {
    format_rfc3339_millis(moment(ms)).to_string()
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, as headers write it (RFC 9110 section 5.6.7).
pub(in crate::admin) fn http_date(ms: u64) -> String {
    httpdate::fmt_http_date(moment(ms))
}

fn moment(ms: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(ms.min(LAST_MS))
}

#[cfg(test)]
mod tests {
    use super::{http_date, millis, seconds};

    #[test]
    fn times_have_the_form_of_the_platform() {
        for (ms, second, milli, date) in [
            (
                0,
                "1970-01-01T00:00:00Z",
                "1970-01-01T00:00:00.000Z",
                "Thu, 01 Jan 1970 00:00:00 GMT",
            ),
            (
                1_668_531_141_834,
                "2022-11-15T16:52:21Z",
                "2022-11-15T16:52:21.834Z",
                "Tue, 15 Nov 2022 16:52:21 GMT",
            ),
            (
                u64::MAX,
                "9999-12-31T23:59:59Z",
                "9999-12-31T23:59:59.999Z",
                "Fri, 31 Dec 9999 23:59:59 GMT",
            ),
        ] {
            assert_eq!((seconds(ms).as_str(), millis(ms).as_str()), (second, milli));
            assert_eq!(http_date(ms), date);
        }
    }
}
