//! `[[services.*.rules]]`: what a delivery service does with which exchanges. `when` and `then` read the two halves;
//! what must hold between them is here.

use super::sink::Sink;
use super::table::Table;
use super::value::Value;
use super::{keys, then, when};
use crate::manifest::{Rule, WhenResponse};

/// What is decided before there is a response.
const BEFORE_RESPONSE: &[&str] = &[
    "pass",
    "cache",
    "key",
    "collapse",
    "backend",
    "rewrite_path",
    "rewrite_host",
    "request_headers",
];

/// The rules of a service, in order.
pub(super) fn read(service: &Table<'_>, sink: &mut Sink<'_>) -> Vec<Rule> {
    let values = service.get("rules").and_then(|value| value.array(sink)).unwrap_or_default();
    let rule = |value: Value<'_>| rule(&value.table(sink)?, service, sink);
    values.into_iter().filter_map(rule).collect()
}

fn rule(table: &Table<'_>, service: &Table<'_>, sink: &mut Sink<'_>) -> Option<Rule> {
    table.only(&keys::RULE, sink);
    let name = table.get("name").and_then(|value| value.text(sink)).map(str::to_owned);
    let (when, when_response) =
        table.table("when", sink).map(|table| when::read(&table, sink)).unwrap_or_default();
    let needed = table.need("then", "write then = { pass = true } or { ttl = \"5m\" }", sink)?;
    let actions = needed.table(sink)?;
    in_time(&when_response, &actions, sink);
    let then = then::read(&actions, service, sink);
    Some(Rule { name, when, when_response, then })
}

/// A rule that looks at the response comes too late for what is decided before.
fn in_time(when: &WhenResponse, actions: &Table<'_>, sink: &mut Sink<'_>) {
    for entry in actions.entries().filter(|_| !when.is_any()) {
        if BEFORE_RESPONSE.contains(&entry.key) {
            let path = &entry.value.path;
            let what = format!("`{path}` is decided before the response that the rule looks at");
            let hint = "set it in a rule without `status` and `response_header`".to_owned();
            sink.refuse_with(entry.key_at, what, hint);
        }
    }
}
