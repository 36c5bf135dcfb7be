//! What is wrong with a manifest: [`Problem`], and [`Problems`], which gathers all of them.
//!
//! A reader of a manifest wants to mend everything in one go, so nothing stops at the first problem.

use std::fmt::Write;

/// Whether a problem stops the manifest from being used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The manifest cannot be used.
    Refuse,
    /// The manifest works, probably not as meant.
    Warn,
}

impl Severity {
    /// The word that introduces a problem in a report: `error` or `warning`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Refuse => "error",
            Severity::Warn => "warning",
        }
    }
}

/// One thing that is wrong, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether it stops the manifest from being used.
    pub severity: Severity,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub what: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Problem {
    /// The problem as it is shown to people: `FILE:LINE:COLUMN: error: what`, the hint below it.
    pub fn render(&self, file: &str) -> String {
        let Problem { severity, line, column, what, hint } = self;
        let mut text = format!("{file}:{line}:{column}: {}: {what}\n", severity.as_str());
        if let Some(hint) = hint {
            let _ = writeln!(text, "  hint: {hint}");
        }
        text
    }
}

/// Collects problems; whoever gets one must look at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "problems that nobody reads are lost"]
pub struct Problems {
    list: Vec<Problem>,
}

impl Problems {
    /// An empty collector.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a problem.
    pub fn push(&mut self, problem: Problem) {
        self.list.push(problem);
    }

    /// Whether nothing is wrong, not even a warning.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether one of them stops the manifest from being used.
    pub fn has_refusals(&self) -> bool {
        self.list.iter().any(|problem| problem.severity == Severity::Refuse)
    }

    /// All of them, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.list.iter()
    }

    /// All of them, sorted by place.
    pub fn into_vec(self) -> Vec<Problem> {
        let mut list = self.list;
        list.sort_by_key(|problem| (problem.line, problem.column, problem.severity));
        list
    }

    /// The whole report, sorted by place; `file` is the name to show.
    pub fn render(&self, file: &str) -> String {
        self.clone().into_vec().iter().map(|problem| problem.render(file)).collect()
    }
}

#[cfg(test)]
mod tests;
