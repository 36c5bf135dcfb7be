//! Comma lists whose members may have quoted parts, cut at the commas outside quotes (RFC 9110 section 5.6.1).

/// Says where the quote is that closes the one at this place of a line.
pub(crate) type Closing = fn(&[u8], usize) -> Option<usize>;

/// The members of one line, trimmed; an empty one is a member, too.
///
/// A quote that is never closed is an ordinary byte, so that it cannot hide `no-store`.
pub(crate) fn members(line: &[u8], closing: Closing) -> impl Iterator<Item = &[u8]> {
    let mut rest = line;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (member, more) = rest.split_at(member_end(rest, closing));
        rest = more.get(1..).unwrap_or_default();
        Some(member.trim_ascii())
    })
}

/// The quotes of a quoted string, in which a backslash takes its meaning from the next byte (section 5.6.4).
pub(crate) fn quoted_string(line: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    while let Some(byte) = line.get(at) {
        match byte {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// The quotes of an entity tag, which knows no escapes (section 8.8.3).
pub(crate) fn opaque_tag(line: &[u8], open: usize) -> Option<usize> {
    let behind = line.get(open + 1..)?;
    behind.iter().position(|byte| *byte == b'"').map(|at| open + 1 + at)
}

/// Where the first member ends.
fn member_end(line: &[u8], closing: Closing) -> usize {
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        match byte {
            b',' => return at,
            b'"' => at = closing(line, at).unwrap_or(at),
            _ => {}
        }
        at += 1;
    }
    line.len()
}
