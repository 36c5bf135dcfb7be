//! A task as a list of named steps, each with its time; the first failure ends it.

use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::say;

/// The steps that were done so far.
pub(crate) struct Steps {
    done: Vec<(&'static str, Duration)>,
}

impl Steps {
    pub(crate) fn new() -> Self {
        Self { done: Vec::new() }
    }

    /// Does one step; a failure says in which step it happened.
    pub(crate) fn step(&mut self, name: &'static str, work: impl FnOnce() -> Outcome) -> Outcome {
        say::out(format!("== {name}"));
        let start = Instant::now();
        let done = work();
        let took = start.elapsed();
        match &done {
            Ok(()) => say::out(format!("== {name}: {}", seconds(took))),
            Err(_) => say::out(format!("== {name}: failed after {}", seconds(took))),
        }
        self.done.push((name, took));
        done.map_err(|failure| Failure { what: format!("{name}: {}", failure.what), ..failure })
    }

    /// One line per step and the whole time.
    pub(crate) fn summary(&self) -> String {
        let mut lines: Vec<_> = self
            .done
            .iter()
            .map(|(name, took)| format!("  {name:<12}{}", seconds(*took)))
            .collect();
        let whole = self.done.iter().map(|(_, took)| *took).sum();
        lines.push(format!("  {:<12}{}", "all", seconds(whole)));
        lines.join("\n")
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
