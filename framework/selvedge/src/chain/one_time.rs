//! The value of `Edge-Auth` in mode `one-time`: read and written, not judged.
//!
//! ```text
//! v2,<secret id>,<unix seconds>,<POP>,<nonce, 22 base64url>,0x<64 hex>
//! ```
//!
//! The signature also covers what the token is for: the service, and the request's method, authority and target. So it
//! opens one door, for one request, once. The form is ours; nothing else speaks it.
//!
//! A nonce of ours begins with a mark: four bytes that only who has the secret can make of the rest of it and of the token's
//! first parts. Nothing depends on it but the name of a refusal: it tells a token for another target from one that was signed
//! with another secret, or changed. A nonce without it is as good.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use super::sign::Key;
use super::token::{MAC_TEXT, Mac, is_digits, is_place, push_mac, read_mac};

/// How such a token begins; one of mode `signed` begins with a digit.
pub(super) const VERSION: &str = "v2";

/// How long a nonce is in a token.
const NONCE_TEXT: usize = 22;

/// Random bytes that no other token has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Nonce(pub [u8; 16]);

impl Nonce {
    /// Reads the text in a token. Each nonce has one spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != NONCE_TEXT {
            return None;
        }
        let mut bytes = [0; 16];
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        (length == bytes.len()).then_some(Self(bytes))
    }

    /// Writes it as it stands in a token.
    fn push(self, text: &mut String) {
        let mut digits = [0; NONCE_TEXT];
        // As many digits as there is room for, and each of them ASCII.
        let length = URL_SAFE_NO_PAD.encode_slice(self.0, &mut digits).unwrap_or_default();
        let digits = digits.get(..length).and_then(|digits| str::from_utf8(digits).ok());
        text.push_str(digits.unwrap_or_default());
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(NONCE_TEXT);
        self.push(&mut text);
        f.write_str(&text)
    }
}

/// How much of a nonce is its mark.
const MARK: usize = 4;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purpose<'a> {
    /// The service that is to accept it, by its name.
    pub service: &'a str,
    /// The request's method.
    pub method: &'a str,
    /// The host that is asked, in whatever case.
    pub authority: &'a str,
    /// Path and query as they are sent.
    pub target: &'a str,
}

/// A token in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneTime<'a> {
    /// The name of the secret that signed it: digits.
    pub secret_id: &'a str,
    /// When it was signed, in seconds since the Unix epoch, as written: digits.
    pub seconds: &'a str,
    /// The POP that signed it.
    pub pop: &'a str,
    /// What makes it the only one.
    pub nonce: Nonce,
    /// The signature of [`OneTime::covered`].
    pub mac: Mac,
}

impl<'a> OneTime<'a> {
    /// The nonce with its mark, of which the rest is random already. What is signed here begins unlike any token's text.
    pub(super) fn marked(&self, key: &Key) -> Nonce {
        let Self { secret_id, seconds, pop, mut nonce, .. } = *self;
        let (mark, rest) = nonce.0.split_at_mut(MARK);
        let texts = [VERSION, " nonce\n", secret_id, "\n", seconds, "\n", pop, "\n"];
        let [a, b, c, d, e, f, g, h] = texts.map(str::as_bytes);
        mark.iter_mut()
            .zip(key.mac(&[a, b, c, d, e, f, g, h, rest]))
            .for_each(|(byte, signed)| *byte = signed);
        nonce
    }

    /// Whether who made the token had the secret, and nothing of it was changed but what it is for.
    pub(super) fn has_mark(&self, key: &Key) -> bool {
        self.marked(key).0.ct_eq(&self.nonce.0).into()
    }

    /// Reads the text; `None` for anything that is not exactly in the grammar.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(',');
        parts.next().filter(|part| *part == VERSION)?;
        let secret_id = parts.next().filter(|part| is_digits(part))?;
        let seconds = parts.next().filter(|part| is_digits(part))?;
        let pop = parts.next().filter(|part| is_place(part))?;
        let nonce = Nonce::parse(parts.next()?)?;
        let mac = read_mac(parts.next()?)?;
        parts.next().is_none().then_some(Self { secret_id, seconds, pop, nonce, mac })
    }

    /// The text that the signature covers: one line for each part. None of them can have a line break in it.
    #[must_use]
    pub fn covered(&self, purpose: &Purpose<'_>) -> String {
        let Purpose { service, method, authority, target } = purpose;
        let ends = 3;
        let room = service.len() + method.len() + authority.len() + target.len() + ends;
        let mut text = self.begun('\n', room);
        for line in [service, method] {
            text.push_str(line);
            text.push('\n');
        }
        let begins = text.len();
        text.push_str(authority);
        text.get_mut(begins..).into_iter().for_each(str::make_ascii_lowercase);
        text.push('\n');
        text.push_str(target);
        text
    }

    /// The token as it is sent.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.begun(',', MAC_TEXT);
        push_mac(&self.mac, &mut text);
        text
    }

    /// The parts that both begin with, each with this after it, and room for so many bytes more.
    fn begun(&self, end: char, room: usize) -> String {
        let Self { secret_id, seconds, pop, nonce, .. } = self;
        let parts = [VERSION, secret_id, seconds, pop];
        let begun: usize = parts.iter().map(|part| part.len() + 1).sum();
        let mut text = String::with_capacity(begun + NONCE_TEXT + 1 + room);
        for part in parts {
            text.push_str(part);
            text.push(end);
        }
        nonce.push(&mut text);
        text.push(end);
        text
    }
}

impl fmt::Display for OneTime<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}
