//! The `Date` of responses that are written here (RFC 9110 section 6.6.1), which is made once a second.

use std::time::{Duration, SystemTime};

use crate::clock::{Clock as _, SystemClock};

/// One connection's.
#[derive(Debug, Default)]
pub(super) struct Date {
    /// Of which second the text is, since the Unix epoch.
    second: u64,
    text: String,
}

impl Date {
    /// The time of the moment, as the field has it.
    pub(super) fn now(&mut self) -> &str {
        self.at(SystemClock.now_ms() / 1000)
    }

    fn at(&mut self, second: u64) -> &str {
        if self.second != second || self.text.is_empty() {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
            (self.second, self.text) = (second, httpdate::fmt_http_date(time));
        }
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn the_text_is_of_the_second_that_is_asked_for() {
        let mut date = Date::default();
        assert_eq!(date.at(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(date.at(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(date.at(784_111_778), "Sun, 06 Nov 1994 08:49:38 GMT");
        assert_eq!(date.at(784_111_778), "Sun, 06 Nov 1994 08:49:38 GMT");
    }
}
