//! The head of an answer as HTTP/1.1 writes it, for what is answered as it is stored: the lines of `answer_headers`
//! without a map between.
//!
//! A connection that writes its hits itself takes this; all that changes headers takes the map. Where the two could
//! differ, in order or in content, nothing is written.

use super::{age_seconds, offers_ranges};
use crate::entry::Entry;
use crate::fields::write_decimal;
use crate::head::{Line, Role};
use http::StatusCode;

/// Who reads an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The next of our hops.
    Surrogates,
    /// A client, who sees nothing that is for surrogates only.
    Clients,
}

/// Why the lines of an answer cannot be written one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlike {
    /// A stored line is one of a list that hops add to.
    Listed,
    /// What is stored of the length, or of ranges, is not what the answer says.
    Corrected,
    /// The status says that there is no body, whatever is stored.
    Bodiless,
}

/// Writes the lines of [`answer_headers`](super::answer_headers), and no empty line after them.
///
/// # Errors
///
/// [`Unlike`]; some of the lines may have been written then.
pub fn write_answer(
    entry: &Entry,
    audience: Audience,
    now_ms: u64,
    out: &mut Vec<u8>,
) -> Result<(), Unlike> {
    if matches!(entry.head.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
        return Err(Unlike::Bodiless);
    }
    let mut digits = itoa::Buffer::new();
    let length = digits.format(entry.body().len()).as_bytes();
    let mut said = Said::default();
    for line in entry.head.lines() {
        if said.hears(&line, length)? == Part::OfAnswer || audience == Audience::Surrogates {
            line.write(out);
        }
    }
    out.extend_from_slice(b"age: ");
    write_decimal(out, age_seconds(&entry.head, now_ms));
    out.extend_from_slice(b"\r\n");
    if offers_ranges(entry.head.status) && !said.ranges {
        out.extend_from_slice(b"accept-ranges: bytes\r\n");
    }
    if !said.length {
        out.extend_from_slice(b"content-length: ");
        out.extend_from_slice(length);
        out.extend_from_slice(b"\r\n");
    }
    Ok(())
}

/// Which of what the answer says the stored lines say already.
#[derive(Default)]
struct Said {
    length: bool,
    ranges: bool,
}

/// Whose a line is.
#[derive(PartialEq, Eq)]
enum Part {
    OfAnswer,
    OfSurrogates,
}

impl Said {
    fn hears(&mut self, line: &Line<'_>, length: &[u8]) -> Result<Part, Unlike> {
        match line.role() {
            Role::Plain => Ok(Part::OfAnswer),
            Role::Surrogate => Ok(Part::OfSurrogates),
            Role::Listed => Err(Unlike::Listed),
            Role::Length => once(&mut self.length, line.value() == length),
            Role::Ranges => once(&mut self.ranges, line.value() == b"bytes"),
        }
    }
}

/// A line that says what the answer says, and is the only one of its name.
fn once(said: &mut bool, is_right: bool) -> Result<Part, Unlike> {
    match is_right && !std::mem::replace(said, true) {
        true => Ok(Part::OfAnswer),
        false => Err(Unlike::Corrected),
    }
}

#[cfg(test)]
mod tests;
