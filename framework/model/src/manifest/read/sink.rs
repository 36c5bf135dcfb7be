//! Gathers problems and knows where in the text they are.

use crate::problem::{Problem, Problems, Severity};

/// A place in the text, in bytes from its start.
#[derive(Clone, Copy, Debug)]
pub(super) struct At(pub(super) usize);

/// Gathers the problems of one text.
pub(super) struct Sink<'t> {
    text: &'t str,
    /// Where each line starts.
    lines: Vec<usize>,
    problems: Problems,
    /// Whether the parser skipped parts of the text, so that what seems absent may be there.
    has_gaps: bool,
}

impl<'t> Sink<'t> {
    pub(super) fn new(text: &'t str, has_gaps: bool) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        Self { text, lines, problems: Problems::new(), has_gaps }
    }

    /// Something that stops the manifest from being used.
    pub(super) fn refuse(&mut self, at: At, what: impl Into<String>) {
        self.push(Severity::Refuse, at, what.into(), None);
    }

    /// The same, with advice if there is any.
    pub(super) fn refuse_with(
        &mut self,
        at: At,
        what: impl Into<String>,
        hint: impl Into<Option<String>>,
    ) {
        self.push(Severity::Refuse, at, what.into(), hint.into());
    }

    /// Something that is not there. After a syntax error that is no news: it may have been skipped.
    pub(super) fn absent(
        &mut self,
        at: At,
        what: impl Into<String>,
        hint: impl Into<Option<String>>,
    ) {
        if !self.has_gaps {
            self.refuse_with(at, what, hint);
        }
    }

    /// Something that works, probably not as meant.
    pub(super) fn warn(&mut self, at: At, what: impl Into<String>, hint: impl Into<String>) {
        self.push(Severity::Warn, at, what.into(), Some(hint.into()));
    }

    pub(super) fn has_refusals(&self) -> bool {
        self.problems.has_refusals()
    }

    pub(super) fn into_problems(self) -> Problems {
        self.problems
    }

    fn push(&mut self, severity: Severity, at: At, what: String, hint: Option<String>) {
        let (line, column) = self.line_and_column(at);
        self.problems.push(Problem { severity, line, column, what, hint });
    }

    /// Both counted from 1, the column in characters.
    fn line_and_column(&self, At(at): At) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= at);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.as_bytes().get(start..at).unwrap_or_default();
        // Bytes that continue a character are not counted, so this holds inside of one as well.
        let characters = before.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        (line, characters + 1)
    }
}
