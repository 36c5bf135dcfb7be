//! The rules, each with the word whether it is for the request, and why not.

use std::fmt::Write as _;

use selvedge_model::manifest::{Rule, StatusPattern, Wanted, WhenResponse};

use crate::world::Facts;

/// One line per rule.
pub(super) fn write(text: &mut String, rules: &[Rule], facts: &Facts<'_>) {
    if rules.is_empty() {
        text.push_str("\nit has no rules\n");
        return;
    }
    text.push_str("\nrules\n");
    let labels: Vec<String> = rules.iter().enumerate().map(label).collect();
    let width = labels.iter().map(String::len).max().unwrap_or_default();
    for (rule, label) in rules.iter().zip(labels) {
        let word = facts.seen(|request| match rule.unmet(request) {
            Some(unmet) => format!("no: {unmet}"),
            None if rule.when_response.is_any() => "yes".to_owned(),
            None => format!("yes, {}", if_answered(&rule.when_response)),
        });
        let _ = writeln!(text, "  {label:width$}  {word}");
    }
}

/// ``2 `pages` ``.
pub(super) fn label((place, rule): (usize, &Rule)) -> String {
    match &rule.name {
        Some(name) => format!("{} `{name}`", place + 1),
        None => (place + 1).to_string(),
    }
}

/// What a rule asks of the response.
pub(super) fn if_answered(when: &WhenResponse) -> String {
    let status = |pattern: &StatusPattern| match pattern {
        StatusPattern::Code(code) => code.to_string(),
        StatusPattern::Class(digit) => format!("{digit}xx"),
    };
    let statuses: Vec<String> = when.status.iter().map(status).collect();
    let statuses = (!statuses.is_empty())
        .then(|| format!("the response's status is {}", statuses.join(" or ")));
    let headers = when.header.iter().map(|(name, wanted)| match wanted {
        Wanted::Present => format!("the response has a header `{name}`"),
        Wanted::Absent => format!("the response has no header `{name}`"),
        Wanted::Like(pattern) => {
            format!("the response's header `{name}` is `{}`", pattern.as_str())
        }
    });
    let all: Vec<String> = statuses.into_iter().chain(headers).collect();
    format!("if {}", all.join(" and "))
}
