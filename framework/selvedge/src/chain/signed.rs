//! The value of `Edge-Auth` in mode `signed`: read and written, not judged.
//!
//! Grammar (platform.md section 10.4): `^([0-9]+),(([0-9]+),[^,]+),(0x[0-9a-f]{64})$`. The second group is what is signed,
//! as the sender wrote it. What the request asks for is not signed, so the token is good for any until its time is over.

use std::fmt;

use super::token::{Mac, is_digits, is_place, push_mac, read_mac};

/// A token in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The name of the secret that signed it: digits.
    pub secret_id: &'a str,
    /// When it was signed, in seconds since the Unix epoch, as written: digits.
    pub seconds: &'a str,
    /// The POP that signed it.
    pub pop: &'a str,
    /// The signature of [`Signed::covered`].
    pub mac: Mac,
}

impl<'a> Signed<'a> {
    /// Reads the text; `None` for anything that is not exactly in the grammar.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(',');
        let secret_id = parts.next().filter(|part| is_digits(part))?;
        let seconds = parts.next().filter(|part| is_digits(part))?;
        let pop = parts.next().filter(|part| is_place(part))?;
        let mac = read_mac(parts.next()?)?;
        parts.next().is_none().then_some(Self { secret_id, seconds, pop, mac })
    }

    /// The text that the signature covers.
    #[must_use]
    pub fn covered(&self) -> String {
        [self.seconds, ",", self.pop].concat()
    }

    /// The token as it is sent.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = [self.secret_id, ",", self.seconds, ",", self.pop, ","].concat();
        push_mac(&self.mac, &mut text);
        text
    }
}

impl fmt::Display for Signed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}
