//! Whether rules call an answer a template, whose ESI tags are processed.

use http::{HeaderMap, StatusCode};

use super::{Matched, Rules};

/// What is known of that before there is an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// It will be none.
    No,
    /// That is for rules to say that look at the answer.
    Perhaps,
    /// It will be one, whatever it is.
    Yes,
}

impl Rules {
    /// What is known before there is an answer.
    #[must_use]
    pub fn template(&self, matched: &Matched) -> Template {
        let mut perhaps = None;
        for (number, rule) in self.rules.iter().enumerate() {
            let Some(esi) = rule.said.then.esi.filter(|_| matched.may_be(number)) else { continue };
            match (matched.early.has(number), perhaps) {
                // The first rule that decides for sure.
                (true, None) if esi => return Template::Yes,
                (true, None | Some(false)) if !esi => return Template::No,
                (true, _) => return Template::Perhaps,
                (false, _) => perhaps = Some(esi || perhaps == Some(true)),
            }
        }
        match perhaps {
            Some(true) => Template::Perhaps,
            Some(false) | None => Template::No,
        }
    }

    /// Whether an answer is one.
    #[must_use]
    pub fn is_template(&self, matched: &Matched, status: StatusCode, headers: &HeaderMap) -> bool {
        let met = self.match_response(matched, status, headers);
        self.first(&met, |rule| rule.said.then.esi) == Some(true)
    }
}

#[cfg(test)]
mod tests;
