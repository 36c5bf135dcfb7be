//! What a template is made of.

use bytes::Bytes;

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that is passed on as it is.
    Text(Bytes),
    /// The place of a fragment.
    Include(Include),
    /// Something that looked like a tag and is none that can be followed: passed on as it is. May be empty.
    Flawed(Flaw, Bytes),
}

/// What stands in the place of a fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// Where the fragment is: a URL, or one relative to the template's.
    pub src: String,
    /// Where it is if not there.
    pub alt: Option<String>,
    /// What becomes of the page where it is nowhere.
    pub onerror: OnError,
}

/// What becomes of a page without one of its fragments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnError {
    /// It cannot be completed.
    #[default]
    Fail,
    /// It goes on behind it.
    Continue,
}

/// Why a tag is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// An include without a `src` that is text.
    NoSource,
    /// A tag of no known name.
    UnknownTag,
    /// It has more bytes than are held for one.
    TagTooLong,
    /// The template ends within it.
    TagUnfinished,
    /// An `<esi:remove>` has no end: all behind it is removed.
    RemoveUnclosed,
}

impl Flaw {
    /// The word in logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoSource => "an include without `src`",
            Self::UnknownTag => "an unknown tag",
            Self::TagTooLong => "a tag that is too long",
            Self::TagUnfinished => "a tag without an end",
            Self::RemoveUnclosed => "an `esi:remove` without an end",
        }
    }
}
