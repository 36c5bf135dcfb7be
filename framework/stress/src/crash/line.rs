//! What the writer says: what it is about to do, and what was acknowledged.

use std::fmt;

/// What is done to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Its value is that of this number, so many bytes long.
    Overwrite(u64, usize),
    /// That is put behind what is there.
    Append(u64, usize),
    /// It goes.
    Delete(u64),
}

/// A line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Which item.
    pub(super) item: usize,
    /// What is done to it.
    pub(super) deed: Deed,
    /// How far it is.
    pub(super) step: Step,
}

/// How far a deed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It begins.
    Begun,
    /// The engine has acknowledged it.
    Acknowledged,
}

impl Deed {
    /// The number that tells it from all others.
    pub(super) fn number(self) -> u64 {
        match self {
            Self::Overwrite(number, _) | Self::Append(number, _) | Self::Delete(number) => number,
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = match self.step {
            Step::Begun => "begun",
            Step::Acknowledged => "acknowledged",
        };
        let (deed, bytes) = match self.deed {
            Deed::Overwrite(_, bytes) => ("overwrite", bytes),
            Deed::Append(_, bytes) => ("append", bytes),
            Deed::Delete(_) => ("delete", 0),
        };
        write!(f, "{step} {deed} {} {} {bytes} .", self.item, self.deed.number())
    }
}

impl Line {
    /// Reads a line; `None` where it is none, or was cut off.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split(' ').collect();
        let [step, deed, item, number, bytes, "."] = words.as_slice() else { return None };
        let (number, bytes) = (number.parse().ok()?, bytes.parse().ok()?);
        let step = match *step {
            "begun" => Step::Begun,
            "acknowledged" => Step::Acknowledged,
            _ => return None,
        };
        let deed = match *deed {
            "overwrite" => Deed::Overwrite(number, bytes),
            "append" => Deed::Append(number, bytes),
            "delete" => Deed::Delete(number),
            _ => return None,
        };
        Some(Self { item: item.parse().ok()?, deed, step })
    }
}

/// The bytes of a number: no two numbers have the same.
pub(super) fn content(number: u64, bytes: usize) -> Vec<u8> {
    let mut content = number.to_le_bytes().repeat(bytes.div_ceil(8));
    content.truncate(bytes);
    content
}
