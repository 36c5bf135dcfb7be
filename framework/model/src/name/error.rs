//! Why a text is no name: [`NameError`] says the rule, the place and the character.

use std::fmt;
use std::net::Ipv4Addr;

/// The most characters of a refused text that a message repeats.
const SHOWN_MAX: usize = 40;

/// A text that breaks the rule of its kind of name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError {
    noun: &'static str,
    says: &'static str,
    text: String,
    fault: NameFault,
}

/// What exactly is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// It has no characters.
    Empty,
    /// It has too many characters.
    TooLong {
        /// How many it has.
        length: usize,
        /// How many are allowed.
        max: usize,
    },
    /// It has a character that its kind of name does not allow there.
    BadChar {
        /// Which character, counted from 1.
        position: usize,
        /// The character.
        found: char,
    },
    /// It has an empty part, or one that is too long, between two dots (domains only).
    BadLabel {
        /// Where the part starts, counted in characters from 1.
        position: usize,
        /// How many characters it has.
        length: usize,
    },
    /// A part begins or ends with a dash (domains only).
    Dash {
        /// Where it stands, counted in characters from 1.
        position: usize,
    },
    /// It ends in a number, but is no address of four plain ones (domains only).
    BadAddress {
        /// The address that whoever resolves it takes it for, if any.
        meant: Option<Ipv4Addr>,
    },
}

impl NameError {
    pub(super) fn new(
        noun: &'static str,
        says: &'static str,
        text: &str,
        fault: NameFault,
    ) -> Self {
        Self { noun, says, text: text.to_owned(), fault }
    }

    /// What exactly is wrong.
    pub fn fault(&self) -> NameFault {
        self.fault
    }

    /// The position of the bad character, counted from 1, when there is one.
    pub fn position(&self) -> Option<usize> {
        match self.fault {
            NameFault::BadChar { position, .. } | NameFault::Dash { position } => Some(position),
            _ => None,
        }
    }

    /// The refused text, shortened and with control characters made visible.
    fn shown(&self) -> String {
        let mut shown: String = self.text.chars().take(SHOWN_MAX).collect();
        if shown.len() < self.text.len() {
            shown.push('…');
        }
        shown.escape_debug().to_string()
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (noun, says, shown) = (self.noun, self.says, self.shown());
        match self.fault {
            NameFault::Empty => write!(f, "{noun} must not be empty; it is {says}"),
            NameFault::TooLong { length, max } => {
                write!(f, "`{shown}` has {length} characters; {noun} has at most {max}")
            }
            NameFault::BadChar { position, found } => {
                let found = found.escape_debug();
                write!(f, "`{shown}` has a `{found}` at position {position}; {noun} is {says}")
            }
            NameFault::BadLabel { position, length: 0 } => {
                write!(f, "`{shown}` has an empty part at position {position}; {noun} is {says}")
            }
            NameFault::BadLabel { position, length } => write!(
                f,
                "`{shown}` has a part of {length} characters at position {position}; {noun} is {says}"
            ),
            NameFault::Dash { position } => write!(
                f,
                "`{shown}` has a `-` at position {position}, where a part begins or ends; {noun} is {says}"
            ),
            NameFault::BadAddress { meant: Some(address) } => {
                write!(f, "`{shown}` is an address in another spelling; write {address}")
            }
            NameFault::BadAddress { meant: None } => write!(
                f,
                "`{shown}` ends in a number, but is no address; write four numbers such as 127.0.0.1, or a name"
            ),
        }
    }
}

impl std::error::Error for NameError {}
