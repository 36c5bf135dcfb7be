//! The cursor of a listing: standard base64 of a protobuf message whose field 1 is the last key of
//! the page (platform.md section 2.3).
//!
//! It holds nothing that could go stale, so writes between pages neither repeat nor hide a key that
//! stays.

use base64::{Engine, prelude::BASE64_STANDARD};
use selvedge_model::limits::KV_KEY_MAX;

/// Field 1, of the type that has a length.
const TAG: u8 = 0x0A;

/// The cursor behind this key.
pub(super) fn write(last: &str) -> String {
    let mut message = vec![TAG];
    message.extend(varint(last.len()));
    message.extend_from_slice(last.as_bytes());
    BASE64_STANDARD.encode(message)
}

/// The key that a cursor stands behind; `None` if no page gave it.
pub(super) fn read(cursor: &str) -> Option<String> {
    let message = BASE64_STANDARD.decode(cursor).ok()?;
    let (tag, rest) = message.split_first()?;
    let (len, key) = read_varint(rest)?;
    let is_ours = *tag == TAG && len == key.len() && (1..=KV_KEY_MAX).contains(&len);
    is_ours.then(|| String::from_utf8(key.to_vec()).ok()).flatten()
}

/// Seven bits a byte, the least first; the top bit says that more follow.
fn varint(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7F).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// Two bytes are enough for every length that a key may have.
fn read_varint(bytes: &[u8]) -> Option<(usize, &[u8])> {
    match bytes {
        [low, rest @ ..] if *low < 0x80 => Some((usize::from(*low), rest)),
        [low, high, rest @ ..] if (1..0x80).contains(high) => {
            Some((usize::from(low & 0x7F) | usize::from(*high) << 7, rest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
