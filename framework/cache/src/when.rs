//! Times as HTTP writes them: dates, `Age`, delta-seconds, all turned into saturating unix milliseconds.
//!
//! RFC 9110 section 5.6.7 (three date forms), RFC 9111 sections 1.2.2 (delta-seconds), 4.2.3 (age) and 5.1 (`Age`).
//! Reads no clock: whoever calls brings the time.

use std::time::{Duration, UNIX_EPOCH};

use http::header::{AGE, AsHeaderName, DATE};
use http::{HeaderMap, HeaderValue};

/// The largest number of seconds that a header can say: 2^31, as RFC 9111 section 1.2.2 asks for on overflow.
pub const MAX_SECONDS: u64 = 1 << 31;

/// The last millisecond of the year 9999, the end of what an HTTP date can say.
const LAST_DATE_MS: u64 = 253_402_300_799_999;

/// How far ahead a two-digit year may be (RFC 9110 section 5.6.7), in milliseconds.
const FIFTY_YEARS_MS: u64 = 50 * 31_557_600_000;

/// The days as RFC 850 writes them, without their ending.
const DAYS: [&str; 7] = ["Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun"];

/// When an exchange with the origin took place, in unix milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// When the request was sent to the origin.
    pub requested_at_ms: u64,
    /// When the response's head had arrived.
    pub received_at_ms: u64,
}

/// What a header that should hold one HTTP date holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateField {
    /// There is no such header.
    Absent,
    /// It is there several times, or its value is not an HTTP date.
    Invalid,
    /// It names this unix millisecond.
    At(u64),
}

impl DateField {
    /// The date, if the field has a valid one.
    #[must_use]
    pub fn at(self) -> Option<u64> {
        match self {
            Self::At(ms) => Some(ms),
            Self::Absent | Self::Invalid => None,
        }
    }
}

/// Reads the header `name` as one HTTP date, at `now_ms`. Two lines of it contradict each other and count as invalid.
#[must_use]
pub fn date_field(headers: &HeaderMap, name: impl AsHeaderName, now_ms: u64) -> DateField {
    date_in(headers.get_all(name).iter().map(HeaderValue::as_bytes), now_ms)
}

/// The same of the lines of a field.
pub(crate) fn date_in<'a>(mut lines: impl Iterator<Item = &'a [u8]>, now_ms: u64) -> DateField {
    match (lines.next(), lines.next()) {
        (None, _) => DateField::Absent,
        (Some(line), None) => {
            let text = std::str::from_utf8(line).ok();
            let date = text.and_then(|text| parse_http_date(text, now_ms));
            date.map_or(DateField::Invalid, DateField::At)
        }
        (Some(_), Some(_)) => DateField::Invalid,
    }
}

/// An HTTP date in any of its three forms as unix milliseconds; `None` when it is not one.
///
/// Names are read in any case, as RFC 9111 section 4.2 asks of caches. The zone must be `GMT`, and the weekday that of
/// the day. A 61st second is a leap second, which clocks count as the first of the next minute. A two-digit year is the
/// latest one that is no more than 50 years ahead of `now_ms` (RFC 9110 section 5.6.7) and has that weekday.
#[must_use]
pub fn parse_http_date(text: &str, now_ms: u64) -> Option<u64> {
    let text = in_usual_case(text);
    let (text, leap_ms) = match text.contains(":60 ") {
        true => (text.replacen(":60 ", ":59 ", 1), 1000),
        false => (text, 0),
    };
    let date = match text.split_once("day, ") {
        Some((day, rest)) => with_two_digits(day, rest, now_ms),
        None => with_four_digits(&text),
    };
    // No clock of four digits has the minute after the last one.
    date.map(|ms| if ms + leap_ms > LAST_DATE_MS { ms } else { ms + leap_ms })
}

/// The preferred form and that of asctime.
fn with_four_digits(text: &str) -> Option<u64> {
    let date = httpdate::parse_http_date(text).ok()?;
    date.duration_since(UNIX_EPOCH).ok().map(millis)
}

/// The form of RFC 850, read as the preferred one of the right century.
fn with_two_digits(day: &str, rest: &str, now_ms: u64) -> Option<u64> {
    let (date, time) = rest.split_once(' ')?;
    let [number, month, year] = date.split('-').collect::<Vec<_>>().try_into().ok()?;
    let day = day.get(..3).filter(|_| DAYS.contains(&day))?;
    let in_century = |century: u64| {
        let text = format!("{day}, {number} {month} {century:02}{year} {time}");
        with_four_digits(&text)
    };
    let this: u64 = format_http_date(now_ms).get(12..14)?.parse().ok()?;
    let last_ms = now_ms.saturating_add(FIFTY_YEARS_MS);
    let centuries = [this + 1, this, this.saturating_sub(1)];
    centuries.into_iter().filter_map(in_century).find(|ms| *ms <= last_ms)
}

/// The text with the names of days, months and zone in the only case that a strict parser knows.
fn in_usual_case(text: &str) -> String {
    let mut inside_word = false;
    let fold = |letter: char| {
        let cased =
            if inside_word { letter.to_ascii_lowercase() } else { letter.to_ascii_uppercase() };
        inside_word = letter.is_ascii_alphabetic();
        cased
    };
    text.chars().map(fold).collect::<String>().replace("Gmt", "GMT")
}

/// A unix millisecond as an HTTP date in the preferred form; times after the year 9999 are shown as its end.
#[must_use]
pub fn format_http_date(unix_ms: u64) -> String {
    let since_epoch = Duration::from_millis(unix_ms.min(LAST_DATE_MS));
    httpdate::fmt_http_date(UNIX_EPOCH + since_epoch)
}

/// Delta-seconds: digits only, capped at [`MAX_SECONDS`]; `None` for anything else.
#[must_use]
pub fn parse_delta_seconds(text: &[u8]) -> Option<u64> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let add_digit =
        |sum: u64, digit: &u8| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
    Some(text.iter().fold(0, add_digit).min(MAX_SECONDS))
}

/// A duration in whole milliseconds, saturating.
#[must_use]
pub fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// How old a response was when it arrived: RFC 9111 section 4.2.3, `corrected_initial_age`.
#[must_use]
pub fn initial_age_ms(headers: &HeaderMap, times: Times) -> u64 {
    let response_delay = times.received_at_ms.saturating_sub(times.requested_at_ms);
    let corrected_age = age_header_ms(headers).saturating_add(response_delay);
    corrected_age.max(apparent_age_ms(headers, times))
}

/// The difference between `Date` and our time of receipt; a `Date` in the future makes nothing younger.
fn apparent_age_ms(headers: &HeaderMap, times: Times) -> u64 {
    let now_ms = times.received_at_ms;
    date_field(headers, DATE, now_ms).at().map_or(0, |date| now_ms.saturating_sub(date))
}

/// The first member of the first `Age` line; an invalid one is ignored as RFC 9111 section 5.1 says.
fn age_header_ms(headers: &HeaderMap) -> u64 {
    let first_line = headers.get(AGE).map_or(&b""[..], |line| line.as_bytes());
    let first_member = first_line.split(|byte| *byte == b',').next().unwrap_or_default();
    parse_delta_seconds(first_member.trim_ascii()).unwrap_or(0) * 1000
}

#[cfg(test)]
mod tests;
