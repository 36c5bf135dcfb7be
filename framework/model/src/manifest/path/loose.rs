//! A path as the most lenient of servers might read it, for rules that keep somebody out.
//!
//! Nobody reads a path in all of these ways, and some servers read it in one: escapes within escapes, backslashes for slashes,
//! parameters of segments (RFC 3986 section 3.3 leaves them to each scheme), dots and spaces at the end of a name, an end at a
//! zero byte, overlong UTF-8. What could mean a path that a rule withholds is withheld.

use super::normal::{digit, push_decoded, push_escape};

/// An escape in an escape in an escape, and so on: so many are taken off.
const ROUNDS: usize = 4;

/// The path in that reading, its dot segments kept; `None` for one that nobody could read otherwise.
pub(in crate::manifest) fn loose_path(path: &str) -> Option<String> {
    let is_odd =
        |byte: u8| matches!(byte, b'%' | b';' | b'\\' | b'.' | b'?' | b'#') || byte <= b' ';
    if !path.bytes().any(is_odd) {
        return None;
    }
    let mut bytes = path.as_bytes().to_vec();
    for _ in 0..ROUNDS {
        let fewer = shortened(&unescaped(&bytes));
        if fewer == bytes {
            break;
        }
        bytes = fewer;
    }
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let bytes = bytes.get(..end).unwrap_or_default();
    let segments =
        bytes.split(|byte| matches!(byte, b'/' | b'\\')).map(|segment| written(name(segment)));
    Some(segments.collect::<Vec<_>>().join("/"))
}

/// Every escape taken off once.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, behind)) = rest.split_first() {
        let value = match rest {
            [b'%', high, low, ..] => {
                digit(*high).zip(digit(*low)).map(|(high, low)| high << 4 | low)
            }
            _ => None,
        };
        out.push(value.unwrap_or(*first));
        rest = if value.is_some() { rest.get(3..).unwrap_or_default() } else { behind };
    }
    out
}

/// ASCII characters that are written in two to four bytes, written in one.
fn shortened(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, behind)) = rest.split_first() {
        let (value, length) = match rest {
            [lead @ 0xC0..=0xC1, last @ 0x80..=0xBF, ..] => ((lead & 1) << 6 | (last & 0x3F), 2),
            [0xE0, next @ 0x80..=0x81, last @ 0x80..=0xBF, ..] => {
                ((next & 1) << 6 | (last & 0x3F), 3)
            }
            [0xF0, 0x80, next @ 0x80..=0x81, last @ 0x80..=0xBF, ..] => {
                ((next & 1) << 6 | (last & 0x3F), 4)
            }
            _ => (*first, 1),
        };
        out.push(value);
        rest = if length == 1 { behind } else { rest.get(length..).unwrap_or_default() };
    }
    out
}

/// A segment without its parameters, and without the dots and spaces at its end.
fn name(segment: &[u8]) -> &[u8] {
    let end = segment.iter().position(|byte| matches!(byte, b';' | b'?' | b'#'));
    let name = segment.get(..end.unwrap_or(segment.len())).unwrap_or_default().trim_ascii();
    if matches!(name, b"." | b"..") {
        return name;
    }
    let is_kept = |byte: &u8| *byte != b'.' && !byte.is_ascii_whitespace();
    let end = name.iter().rposition(is_kept).map_or(0, |last| last + 1);
    name.get(..end).unwrap_or_default()
}

/// As paths are written where they are compared.
fn written(name: &[u8]) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name {
        match byte {
            b'%' => push_escape(&mut out, *byte),
            b'!'..=b'~' => out.push(char::from(*byte)),
            _ => push_decoded(&mut out, *byte),
        }
    }
    out
}
