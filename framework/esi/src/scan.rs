//! Where something may begin that is more than text.

use memchr::{memchr_iter, memchr2_iter};

/// What has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opener {
    /// `<esi:` or `</esi:`.
    Tag,
    /// `<!--esi`, if no more letters of a word follow: what stands in this comment is shown.
    Shown,
    /// `-->` behind such a one.
    ShownEnd,
}

const OPENERS: [(&[u8], Opener); 4] = [
    (b"<esi:", Opener::Tag),
    (b"</esi:", Opener::Tag),
    (b"<!--esi", Opener::Shown),
    (b"-->", Opener::ShownEnd),
];

/// Those that count; the end of a comment does only in one that is shown.
fn openers(shown: bool) -> impl Iterator<Item = (&'static [u8], Opener)> {
    OPENERS.into_iter().filter(move |(_, opener)| shown || *opener != Opener::ShownEnd)
}

/// The opener that these bytes are.
pub(crate) fn opener(bytes: &[u8], shown: bool) -> Option<Opener> {
    openers(shown).find(|(text, _)| *text == bytes).map(|(_, opener)| opener)
}

/// Whether an opener begins where these bytes do, as far as they tell.
pub(crate) fn may_begin(bytes: &[u8], shown: bool) -> bool {
    openers(shown).any(|(text, _)| bytes.starts_with(text) || text.starts_with(bytes))
}

/// Where in a chunk the first one may begin.
pub(crate) fn first(chunk: &[u8], shown: bool) -> Option<usize> {
    let begins = |at: &usize| may_begin(&chunk[*at..], shown);
    match shown {
        true => memchr2_iter(b'<', b'-', chunk).find(begins),
        false => memchr_iter(b'<', chunk).find(begins),
    }
}

/// Whether a word goes on with this byte: `<!--esimerkki` is another comment.
pub(crate) fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.') || !byte.is_ascii()
}
