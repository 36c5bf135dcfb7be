//! The value of `Edge-Auth`: read and written, not judged.
//!
//! Grammar (platform.md section 10.4): `^([0-9]+),(([0-9]+),[^,]+),(0x[0-9a-f]{64})$`, and at
//! most [`TOKEN_MAX`] bytes. The second group is what is signed, as the sender wrote it.

use std::fmt;

use http::HeaderName;

/// The header that carries a chain token from service to service.
pub const EDGE_AUTH: HeaderName = HeaderName::from_static("edge-auth");

/// The longest token that is looked at, in bytes: far above any real one, and bounded.
pub const TOKEN_MAX: usize = 512;

/// A chain token in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// The name of the secret that signed it: digits.
    pub secret_id: &'a str,
    /// When it was signed, in seconds since the Unix epoch, as written: digits.
    pub seconds: &'a str,
    /// The POP that signed it.
    pub pop: &'a str,
    /// The signature of [`Token::signed`].
    pub mac: [u8; 32],
}

impl<'a> Token<'a> {
    /// Reads a header value; `None` for anything that is not exactly in the grammar.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        if value.len() > TOKEN_MAX {
            return None;
        }
        let text = std::str::from_utf8(value).ok()?;
        let mut parts = text.split(',');
        let secret_id = parts.next().filter(|part| is_digits(part))?;
        let seconds = parts.next().filter(|part| is_digits(part))?;
        let pop = parts.next().filter(|part| !part.is_empty())?;
        let mac = unhex(parts.next()?)?;
        parts.next().is_none().then_some(Self { secret_id, seconds, pop, mac })
    }

    /// The text that the signature covers.
    #[must_use]
    pub fn signed(&self) -> String {
        format!("{},{}", self.seconds, self.pop)
    }

    /// When it was signed, in milliseconds since the Unix epoch; the end of time if that does not
    /// fit.
    #[must_use]
    pub fn signed_at_ms(&self) -> u64 {
        self.seconds.parse().map_or(u64::MAX, |seconds: u64| seconds.saturating_mul(1000))
    }
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{},0x", self.secret_id, self.seconds, self.pop)?;
        self.mac.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Whether the text is one ASCII digit or more.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits = text.strip_prefix("0x")?.as_bytes();
    let mut bytes = [0; 32];
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair.iter().try_fold(0, |high, digit| Some(high << 4 | nibble(*digit)?))?;
    }
    Some(bytes)
}

/// Lower case only: one token has one spelling.
fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
