//! [`WhenResponse`]: which responses a rule is for.

use std::collections::BTreeMap;

use super::ResponseFacts;
use super::wanted::{Wanted, first_unmet, text};

/// Which responses a rule is for; what is empty matches everything, and all that is there must match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhenResponse {
    /// Statuses, of which one must match.
    pub status: Vec<StatusPattern>,
    /// Headers by lower-case name; each line is compared by itself.
    pub header: BTreeMap<String, Wanted>,
}

impl WhenResponse {
    /// Whether this response is meant.
    pub fn matches(&self, response: &ResponseFacts<'_>) -> bool {
        let is_meant = |pattern: &StatusPattern| pattern.matches(response.status);
        let status = self.status.is_empty() || self.status.iter().any(is_meant);
        let lines = |name: &str| (response.headers)(name).into_iter().map(text).collect();
        status && first_unmet(&self.header, lines).is_none()
    }

    /// Whether every response is meant, so that nothing needs to be known of it.
    pub fn is_any(&self) -> bool {
        self.status.is_empty() && self.header.is_empty()
    }
}

/// One status or a class of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusPattern {
    /// This one, from 200 to 999.
    Code(u16),
    /// All that begin with this digit, from 2 to 9: `5xx`.
    Class(u16),
}

impl StatusPattern {
    /// Whether a status is meant.
    pub fn matches(self, status: u16) -> bool {
        match self {
            StatusPattern::Code(code) => status == code,
            StatusPattern::Class(digit) => status / 100 == digit,
        }
    }
}
