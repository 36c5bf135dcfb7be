//! File names for names that were not made to be file names.
//!
//! Lower-case letters, digits, `-` and `_` stand for themselves, every other byte is `%` and two
//! hexadecimal digits: upper case too, because some file systems do not tell it from lower case,
//! and the dot, so that no name is `..`. A name too long for a file system goes on in a folder
//! whose name ends with `~`, which no escaped name does.

use crate::stores::hex;

/// Shorter than the 255 bytes of common file systems, with room for an ending.
const PART_MAX: usize = 200;

/// The path components for a name; different names never share a file.
pub(super) fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for piece in name.bytes().map(escaped) {
        match parts.last_mut() {
            Some(part) if part.len() + piece.len() <= PART_MAX => part.push_str(&piece),
            Some(part) => {
                part.push('~');
                parts.push(piece);
            }
            None => parts.push(piece),
        }
    }
    parts
}

fn escaped(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
        _ => format!("%{}", hex::encode(&[byte])),
    }
}
