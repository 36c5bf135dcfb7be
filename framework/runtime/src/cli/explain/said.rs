//! What the rules for a request would say of the response to it.

use std::{fmt::Write as _, time::Duration};

use selvedge_model::{
    key::SurrogateKey,
    manifest::{HeaderChanges, Rule},
};

use super::{
    before::{if_answered, label},
    sent::ended,
};
use crate::world::{Matched, Rules};

/// One line per rule that has something to say.
pub(super) fn write(text: &mut String, said: &[Rule], rules: &Rules, matched: &Matched) {
    let is_ended = rules.end(matched).is_some();
    let mut lines = String::new();
    for (place, rule) in said.iter().enumerate().filter(|(place, _)| matched.may_be(*place)) {
        let settings = settings(rule, is_ended);
        if settings.is_empty() {
            continue;
        }
        let when = match rule.when_response.is_any() {
            true => String::new(),
            false => format!(" {}", if_answered(&rule.when_response)),
        };
        let _ = writeln!(lines, "  {}{when}: {}", label((place, rule)), settings.join(", "));
    }
    if !lines.is_empty() {
        let _ = write!(
            text,
            "\nwith the response; for each setting the first rule decides, headers are changed by all\n{lines}"
        );
    }
}

/// Where a rule answers at once, there is nothing to store, and nothing but its headers to change.
fn settings(rule: &Rule, is_ended: bool) -> Vec<String> {
    let then = &rule.then;
    let mut all = Vec::new();
    if !is_ended {
        all.extend(then.ttl.map(|it| duration("ttl", it)));
        all.extend(then.stale_while_revalidate.map(|it| duration("stale_while_revalidate", it)));
        all.extend(then.stale_if_error.map(|it| duration("stale_if_error", it)));
        all.extend(then.surrogate_keys.as_deref().map(keys));
        all.extend(then.vary.as_deref().map(|names| format!("vary {}", names.join(" "))));
        all.extend(then.uncacheable.map(|it| format!("uncacheable {it}")));
        all.extend(then.esi.map(|it| format!("esi {it}")));
        all.extend(changes("origin_headers", &then.origin_headers));
        let late = then.end.as_ref().filter(|_| !rule.when_response.is_any());
        all.extend(late.map(|end| format!("in its place {}", ended(end))));
    }
    all.extend(changes("response_headers", &then.response_headers));
    all
}

fn duration(name: &str, duration: Duration) -> String {
    format!("{name} {}", humantime::format_duration(duration))
}

fn keys(keys: &[SurrogateKey]) -> String {
    let keys: Vec<&str> = keys.iter().map(SurrogateKey::as_str).collect();
    format!("surrogate_keys {}", keys.join(" "))
}

fn changes(name: &str, changes: &HeaderChanges) -> Option<String> {
    let removed = changes.remove.iter().map(|name| format!("remove {name}"));
    let set = changes.set.iter().map(|(name, value)| format!("set {name}: {value}"));
    let added = changes.append.iter().map(|(name, value)| format!("append {name}: {value}"));
    let all: Vec<String> = removed.chain(set).chain(added).collect();
    (!all.is_empty()).then(|| format!("{name} ({})", all.join("; ")))
}
