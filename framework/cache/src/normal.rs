//! Request fields in the form in which they are compared (RFC 9111 section 4.1).
//!
//! A cache may treat two values as the same only where the field's own definition makes them mean the same. That is
//! settled here for two fields, whose values are lists in which the weights decide and nothing else does:
//!
//! - `Accept-Encoding` (RFC 9110 section 12.5.3): codings are case-insensitive (section 8.4.1), `x-gzip` is `gzip`
//!   (section 8.4.1.3).
//! - `Accept-Language` (RFC 9110 section 12.5.4): language ranges are case-insensitive (RFC 4647 section 2.1). The
//!   order among equal weights "cannot be relied upon", so no origin may choose by it.
//!
//! White space around members, empty members (section 5.6.1) and the ways to write one weight (`q=1`, `;Q=1.000`, none
//! at all; section 12.4.2) mean nothing either. Whatever does not follow the grammar, and a list that gives one member
//! two weights, has no normal form and is only the same as its own bytes. No other field is looked into.

use std::borrow::Cow;

use http::HeaderName;
use http::header::{ACCEPT_ENCODING, ACCEPT_LANGUAGE};

/// The normal form of a joined value of the field `name`; `None` where only equal bytes mean the same. A normal form
/// is its own normal form.
#[must_use]
pub fn normal_form(name: &HeaderName, joined: &[u8]) -> Option<Box<[u8]>> {
    let field = List::of(name)?;
    let mut members = Vec::new();
    for member in joined.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
        if !member.is_empty() {
            members.push(field.member(member)?);
        }
    }
    members.sort_unstable_by(Member::order);
    members.dedup();
    let unambiguous = members.windows(2).all(|pair| pair[0].name != pair[1].name);
    unambiguous.then(|| written(&members))
}

/// The fields that have normal forms.
pub(crate) static FIELDS: [HeaderName; 2] = [ACCEPT_ENCODING, ACCEPT_LANGUAGE];

/// The fields whose lists are understood.
#[derive(Clone, Copy)]
enum List {
    Encoding,
    Language,
}

/// One member with its weight in thousandths.
#[derive(PartialEq, Eq)]
struct Member<'a> {
    name: Cow<'a, [u8]>,
    weight: u16,
}

impl List {
    fn of(name: &HeaderName) -> Option<Self> {
        match *name {
            ACCEPT_ENCODING => Some(Self::Encoding),
            ACCEPT_LANGUAGE => Some(Self::Language),
            _ => None,
        }
    }

    fn member(self, text: &[u8]) -> Option<Member<'_>> {
        let (name, weight) = match text.iter().position(|byte| *byte == b';') {
            Some(at) => (text[..at].trim_ascii(), weight(text[at + 1..].trim_ascii())?),
            None => (text, 1000),
        };
        let is_member = !name.is_empty() && name.iter().all(|byte| self.allows(*byte));
        is_member.then(|| Member { name: self.same_name(name), weight })
    }

    fn allows(self, byte: u8) -> bool {
        let more: &[u8] = match self {
            Self::Encoding => b"!#$%&'*+-.^_`|~",
            Self::Language => b"-*",
        };
        byte.is_ascii_alphanumeric() || more.contains(&byte)
    }

    /// The one name of all that mean the same coding or range.
    fn same_name(self, name: &[u8]) -> Cow<'_, [u8]> {
        let lower = match name.iter().any(u8::is_ascii_uppercase) {
            true => Cow::Owned(name.to_ascii_lowercase()),
            false => Cow::Borrowed(name),
        };
        match (self, lower.as_ref()) {
            (Self::Encoding, b"x-gzip") => Cow::Borrowed(b"gzip"),
            (Self::Encoding, b"x-compress") => Cow::Borrowed(b"compress"),
            _ => lower,
        }
    }
}

impl Member<'_> {
    /// By name, so that two weights of one name stand side by side.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        self.name.cmp(&other.name).then(self.weight.cmp(&other.weight))
    }
}

/// `q=0.5` in thousandths. At most three decimals, nothing above 1 (RFC 9110 section 12.4.2).
fn weight(text: &[u8]) -> Option<u16> {
    let value = text.strip_prefix(b"q=").or_else(|| text.strip_prefix(b"Q="))?;
    let (whole, decimals) = match value {
        [whole] => (whole, &[][..]),
        [whole, b'.', decimals @ ..] if decimals.len() <= 3 => (whole, decimals),
        _ => return None,
    };
    let digits = [whole].into_iter().chain(decimals).zip([1000, 100, 10, 1]);
    let thousandths: Option<u16> = digits.map(|(byte, unit)| Some(digit(*byte)? * unit)).sum();
    thousandths.filter(|thousandths| *thousandths <= 1000)
}

fn digit(byte: u8) -> Option<u16> {
    byte.is_ascii_digit().then(|| u16::from(byte - b'0'))
}

fn written(members: &[Member<'_>]) -> Box<[u8]> {
    let one = |member: &Member<'_>| match member.weight {
        1000 => member.name.to_vec(),
        weight => {
            let weight = format!(";q={}.{:03}", weight / 1000, weight % 1000);
            [&member.name, weight.as_bytes()].concat()
        }
    };
    members.iter().map(one).collect::<Vec<_>>().join(&b", "[..]).into()
}

#[cfg(test)]
mod tests;
