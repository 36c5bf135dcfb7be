//! Bodies that say what they are, and of which every byte can be checked.
//!
//! A body begins with its object, its version, its length and a checksum of these; all that
//! follows is a function of them. The pattern repeats after a prime number of bytes, so that a
//! piece which lands in the wrong place, or is missing, is noticed wherever pieces are cut.

use bytes::{Bytes, BytesMut};
use fastrand::Rng;

/// How long the beginning is.
const LABEL: usize = 64;

/// After how many bytes the rest repeats.
const PERIOD: usize = 4093;

/// One version of an object's body.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(crate) version: u64,
    size: usize,
    label: Vec<u8>,
    pattern: Vec<u8>,
}

impl Content {
    pub(crate) fn new(object: usize, version: u64, size: usize) -> Self {
        let mut random = Rng::with_seed(((object as u64) << 48) ^ version);
        let said = format!("{object} {version} {size} {:016x}", random.u64(..));
        let label = format!("{said:<width$}\n", width = LABEL - 1).into_bytes();
        let mut pattern = vec![0; PERIOD];
        random.fill(&mut pattern);
        Self { version, size, label, pattern }
    }

    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// The bytes from `at`, at most `length` of them.
    pub(crate) fn piece(&self, at: usize, length: usize) -> Bytes {
        let end = self.size.min(at.saturating_add(length));
        let mut piece = BytesMut::with_capacity(end.saturating_sub(at));
        while at + piece.len() < end {
            let from = at + piece.len();
            let run = self.run(from);
            piece.extend_from_slice(&run[..run.len().min(end - from)]);
        }
        piece.freeze()
    }

    /// Whether these are the bytes from `at`.
    fn has(&self, at: usize, bytes: &[u8]) -> bool {
        let (mut at, mut rest) = (at, bytes);
        while let Some(run) = Some(self.run(at)).filter(|_| !rest.is_empty()) {
            let (these, others) = rest.split_at(rest.len().min(run.len()));
            if !run.starts_with(these) {
                return false;
            }
            (at, rest) = (at + these.len(), others);
        }
        at <= self.size
    }

    /// The bytes from `at` up to where the label or the pattern ends.
    fn run(&self, at: usize) -> &[u8] {
        match at.checked_sub(LABEL) {
            None => &self.label[at..],
            Some(past) => &self.pattern[past % PERIOD..],
        }
    }

    /// The content that a label belongs to, if it is the right one of its object.
    fn of_label(label: &[u8], object: usize) -> Option<Self> {
        let text = std::str::from_utf8(label).ok()?;
        let mut words = text.split_whitespace();
        let (said, version, size) = (words.next()?, words.next()?, words.next()?);
        let content = Self::new(object, version.parse().ok()?, size.parse().ok()?);
        (said.parse() == Ok(object) && content.label == label).then_some(content)
    }
}

/// Checks a body as it comes.
#[derive(Debug)]
pub(crate) struct Check {
    object: usize,
    label: Vec<u8>,
    content: Option<Content>,
    at: usize,
}

impl Check {
    pub(crate) fn of(object: usize) -> Self {
        Self { object, label: Vec::new(), content: None, at: 0 }
    }

    /// Which version it is, once enough has come.
    pub(crate) fn version(&self) -> Option<u64> {
        self.content.as_ref().map(|content| content.version)
    }

    /// Takes the next bytes.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<(), String> {
        let rest = match &self.content {
            Some(_) => bytes,
            None => self.take_label(bytes)?,
        };
        let Some(content) = &self.content else { return Ok(()) };
        if !content.has(self.at, rest) {
            return Err(format!("other bytes than its own from byte {} on", self.at));
        }
        self.at += rest.len();
        Ok(())
    }

    /// Takes what belongs to the label and hands back what does not.
    fn take_label<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8], String> {
        let (mine, rest) = bytes.split_at(bytes.len().min(LABEL - self.label.len()));
        self.label.extend_from_slice(mine);
        if self.label.len() == LABEL {
            let content = Content::of_label(&self.label, self.object);
            let wrong = || format!("it begins with {:?}", String::from_utf8_lossy(&self.label));
            self.content = Some(content.ok_or_else(wrong)?);
            self.at = LABEL;
        }
        Ok(rest)
    }

    /// Refuses a body that ended too early.
    pub(crate) fn end(&self) -> Result<(), String> {
        match &self.content {
            Some(content) if self.at == content.size() => Ok(()),
            _ => Err(format!("it ended after {} bytes as if it were whole", self.at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Check, Content};

    const SIZE: usize = 20_000;

    #[test]
    fn a_right_body_passes_in_pieces_of_any_length() {
        let content = Content::new(7, 3, SIZE);
        for length in [1, 63, 64, 65, 4093, 8192, SIZE] {
            let mut check = Check::of(7);
            for at in (0..SIZE).step_by(length) {
                check.take(&content.piece(at, length)).unwrap();
            }
            assert_eq!((check.version(), check.end()), (Some(3), Ok(())));
        }
    }

    #[test]
    fn a_wrong_body_does_not() {
        let content = Content::new(7, 3, SIZE);
        assert!(Check::of(8).take(&content.piece(0, SIZE)).is_err(), "another object's");
        let mut check = Check::of(7);
        check.take(&content.piece(0, 4096)).unwrap();
        assert!(check.end().is_err(), "ends early");
        assert!(check.take(&content.piece(8192, 4096)).is_err(), "a piece is missing");
        let mut other = Check::of(7);
        other.take(&content.piece(0, 4096)).unwrap();
        assert!(other.take(&Content::new(7, 4, SIZE).piece(4096, 4096)).is_err(), "mixed versions");
    }
}
