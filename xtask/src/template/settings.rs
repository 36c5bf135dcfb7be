//! The part of `cargo-generate.toml` that matters here: which files stay behind.

use std::path::Path;

use crate::failure::{Outcome, While};

/// What a template says about itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    ignore: Vec<String>,
}

impl Settings {
    pub(crate) fn read(path: &Path) -> Outcome<Self> {
        let text =
            std::fs::read_to_string(path).or_cannot(|| format!("read `{}`", path.display()))?;
        Ok(Self::parse(&text))
    }

    /// Finds `ignore = ["a", "b"]`; our templates write plain paths there, no patterns.
    pub(crate) fn parse(text: &str) -> Self {
        let list = text
            .lines()
            .position(|line| line.split_once('=').is_some_and(|(key, _)| key.trim() == "ignore"))
            .map(|at| text.lines().skip(at).collect::<Vec<_>>().join("\n"))
            .and_then(|tail| Some(tail.split_once('[')?.1.split_once(']')?.0.to_owned()))
            .unwrap_or_default();
        Self { ignore: list.split('"').skip(1).step_by(2).map(str::to_owned).collect() }
    }

    /// Whether a path, relative to the template, stays behind.
    pub(crate) fn ignores(&self, path: &Path) -> bool {
        self.ignore.iter().any(|it| path.starts_with(it))
    }
}
