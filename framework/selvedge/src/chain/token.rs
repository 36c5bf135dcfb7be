//! The value of `Edge-Auth`, whichever of its three forms it has.
//!
//! A form is told by how the text begins, not by trying one after the other: what begins like one of them and is none is
//! malformed. Only what is neither can be a `shared` secret.

use http::HeaderName;

use super::one_time::{OneTime, VERSION};
use super::signed::Signed;

/// The header that carries a chain token from service to service.
pub const EDGE_AUTH: HeaderName = HeaderName::from_static("edge-auth");

/// The longest token that is looked at, in bytes: far above any real one, and bounded.
pub const TOKEN_MAX: usize = 512;

/// A signature: HMAC-SHA256.
pub type Mac = [u8; 32];

/// How long a signature is in a token.
pub(super) const MAC_TEXT: usize = 2 + 2 * size_of::<Mac>();

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// For one request, once.
    OneTime(OneTime<'a>),
    /// For two seconds.
    Signed(Signed<'a>),
    /// The secret itself.
    Shared(&'a str),
}

impl<'a> Token<'a> {
    /// Reads a header value; `None` for what is no token.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        if value.is_empty() || value.len() > TOKEN_MAX {
            return None;
        }
        let text = std::str::from_utf8(value).ok()?;
        let (first, rest) = text.split_once(',').unwrap_or((text, ""));
        match (first, rest) {
            (_, "") => Some(Self::Shared(text)),
            (VERSION, _) => OneTime::parse(text).map(Self::OneTime),
            (id, _) if is_digits(id) => Signed::parse(text).map(Self::Signed),
            _ => Some(Self::Shared(text)),
        }
    }
}

/// Whether the text is one ASCII digit or more.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the text can be a POP's name: anything on one line, as the platform has it.
pub(super) fn is_place(text: &str) -> bool {
    !text.is_empty() && !text.contains(['\n', '\r'])
}

pub(super) fn push_mac(mac: &Mac, text: &mut String) {
    let mut digits = [0; 2 * size_of::<Mac>()];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(mac) {
        pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 0xf)]);
    }
    text.reserve(MAC_TEXT);
    text.push_str("0x");
    // Digits are ASCII.
    text.push_str(str::from_utf8(&digits).unwrap_or_default());
}

const fn digit(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'a' - 10 + nibble }
}

pub(super) fn read_mac(text: &str) -> Option<Mac> {
    let digits = text.strip_prefix("0x")?.as_bytes();
    let mut bytes = [0; 32];
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    // Digits of signatures come as they like: to decide of each of them what it is takes longer than to look it up.
    let mut seen = 0;
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let nibbles = pair.iter().map(|digit| NIBBLES[usize::from(*digit)]);
        *byte = nibbles.fold(0, |high, nibble| {
            seen |= nibble;
            high << 4 | nibble
        });
    }
    (seen < NO_DIGIT).then_some(bytes)
}

/// Stands for what is no digit.
const NO_DIGIT: u8 = 0x10;

/// What digits stand for. Lower case only: one token has one spelling.
const NIBBLES: [u8; 256] = {
    let mut nibbles = [NO_DIGIT; 256];
    let mut nibble = 0;
    while nibble < NO_DIGIT {
        nibbles[digit(nibble) as usize] = nibble;
        nibble += 1;
    }
    nibbles
};
