//! What rules ask of the chain token, which no rule ever sees: it is taken out before they are asked.

use super::{Sink, Table, rule_at};
use crate::manifest::{Rule, Service, ServiceKind};

/// Warns of each rule that asks for it.
pub(super) fn token(service: &Service, root: &Table<'_>, sink: &mut Sink<'_>) {
    let ServiceKind::Delivery { rules, .. } = &service.kind else { return };
    for number in 0..rules.len() {
        if !rules.get(number).is_some_and(looks_at_it) {
            continue;
        }
        let rule = rule_at::shown(rules, number);
        let what = format!(
            "{rule} of `{}` looks at `edge-auth`, which is taken out before rules are asked",
            service.name
        );
        let at = rule_at::place(service, number, root, sink);
        let hint = "require_chain_auth = { config = \"...\", secrets = \"...\" } refuses who has no good one";
        sink.warn(at, what, hint);
    }
}

fn looks_at_it(rule: &Rule) -> bool {
    let key = rule.then.key.iter().flat_map(|key| &key.add_headers);
    let mut named = key.chain(rule.then.vary.iter().flatten());
    rule.when.header.contains_key("edge-auth") || named.any(|name| name == "edge-auth")
}
