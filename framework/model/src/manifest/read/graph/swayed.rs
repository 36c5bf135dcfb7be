//! Objects that one client's choice makes and all clients get: a rule that looks at a header, a cookie or the client's address
//! chooses the backend or changes what is sent, and the cache does not tell such requests from others. Path and host
//! are in every key, unless a rule rewrites them (`moved`), and so is the query, unless a rule leaves it out (`dropped`).

use std::collections::BTreeSet;

use super::dropped::dropped;
use super::shadowed::covers;
use super::{Sink, Table, rule_at};
use crate::manifest::{HeaderChanges, Rule, Service, ServiceCache, ServiceKind, When};

/// What a rule looks at that no key has by itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seen<'m> {
    Header(&'m str),
    Cookie(&'m str),
    Client,
    /// A parameter that a rule takes out of the key.
    Query(&'m str),
}

/// Warns of each such rule.
pub(super) fn rules(service: &Service, root: &Table<'_>, sink: &mut Sink<'_>) {
    let ServiceKind::Delivery { rules, backend } = &service.kind else { return };
    if service.cache == ServiceCache::Off {
        return;
    }
    for (number, rule) in rules.iter().enumerate().filter(|(_, rule)| may_be_stored(rule)) {
        let Some(effect) = effect(rule, backend.as_str()) else { continue };
        let mut seen = seen(&rule.when);
        seen.extend(dropped(rules, rule).map(Seen::Query));
        if seen.is_empty() || is_told_apart(rules, rule, &seen, effect) {
            continue;
        }
        let (rule, name) = (rule_at::shown(rules, number), &service.name);
        let what = format!("{rule} of `{name}` {} by {}", effect.words(), words(&seen));
        let at = rule_at::place(service, number, root, sink);
        sink.warn(at, what, mend(&seen));
    }
}

/// What a rule does to what is stored.
#[derive(Clone, Copy)]
enum Effect<'m> {
    Backend,
    Request(&'m HeaderChanges),
    Origin,
}

impl Effect<'_> {
    fn words(self) -> &'static str {
        match self {
            Effect::Backend => "chooses the backend",
            Effect::Request(_) => "changes what the backend is sent",
            Effect::Origin => "changes what is stored",
        }
    }
}

fn effect<'m>(rule: &'m Rule, default: &str) -> Option<Effect<'m>> {
    let then = &rule.then;
    let another = then.backend.as_ref().is_some_and(|backend| backend.as_str() != default);
    match () {
        () if another => Some(Effect::Backend),
        () if !then.request_headers.is_empty() => Some(Effect::Request(&then.request_headers)),
        () if !then.origin_headers.is_empty() => Some(Effect::Origin),
        () => None,
    }
}

/// Whether what comes of it may be stored for others.
fn may_be_stored(rule: &Rule) -> bool {
    let methods = &rule.when.method;
    let is_read = methods.is_empty() || methods.iter().any(|it| it == "GET" || it == "HEAD");
    is_read && rule.then.end.is_none()
}

fn seen(when: &When) -> BTreeSet<Seen<'_>> {
    let headers = when.header.keys().map(|name| Seen::Header(name));
    let cookies = when.cookie.keys().map(|name| Seen::Cookie(name));
    let client = (!when.client.is_empty()).then_some(Seen::Client);
    headers.chain(cookies).chain(client).collect()
}

/// Whether such a request passes the cache, or has objects of its own.
fn is_told_apart(
    rules: &[Rule],
    rule: &Rule,
    seen: &BTreeSet<Seen<'_>>,
    effect: Effect<'_>,
) -> bool {
    // Of the rules that are for all such requests, the first that says something of a matter decides it.
    let says = |of_it: fn(&Rule) -> bool| {
        let early = rules.iter().filter(|other| other.when_response.is_any());
        early.filter(|other| covers(&other.when, &rule.when)).find(|other| of_it(other))
    };
    let passes = says(|other| other.then.pass.is_some());
    let cache = says(|other| other.then.cache.is_some());
    if passes.is_some_and(|other| other.then.pass == Some(true))
        || cache.is_some_and(|other| other.then.cache == Some(ServiceCache::Off))
    {
        return true;
    }
    let keyed = says(|other| other.then.key.is_some());
    let known = |names: &BTreeSet<Seen<'_>>| {
        let is_keyed = keyed.is_some_and(|it| names.iter().all(|name| is_in_key(it, *name)));
        // What selects a variant has to be said of the other variants as well.
        let everybody = whoever_asks(&rule.when);
        let by_vary = rules.iter().filter(|other| covers(&other.when, &everybody));
        let mut varied = by_vary.filter(|other| names.iter().all(|name| is_in_vary(other, *name)));
        is_keyed || varied.next().is_some()
    };
    let changed = match effect {
        Effect::Request(changes) => Some(changed(changes)),
        Effect::Backend | Effect::Origin => None,
    };
    known(seen) || changed.is_some_and(|names| known(&names))
}

/// The fields that the cache sees as the rule has made them.
fn changed(changes: &HeaderChanges) -> BTreeSet<Seen<'_>> {
    let lines = changes.set.iter().chain(&changes.append).map(|(name, _)| name);
    changes.remove.iter().chain(lines).map(|name| Seen::Header(name)).collect()
}

fn whoever_asks(when: &When) -> When {
    When {
        header: Default::default(),
        cookie: Default::default(),
        client: Vec::new(),
        ..when.clone()
    }
}

fn is_in_key(rule: &Rule, seen: Seen<'_>) -> bool {
    let Some(key) = &rule.then.key else { return false };
    let header = |name: &str| key.add_headers.iter().any(|added| added == name);
    match seen {
        Seen::Header(name) => header(name),
        Seen::Cookie(name) => header("cookie") || key.add_cookies.iter().any(|it| it == name),
        Seen::Client => header("fastly-client-ip"),
        Seen::Query(_) => false,
    }
}

fn is_in_vary(rule: &Rule, seen: Seen<'_>) -> bool {
    let names = rule.then.vary.as_deref().unwrap_or_default();
    let has = |name: &str| names.iter().any(|it| it == name);
    match seen {
        Seen::Header(name) => has(name),
        Seen::Cookie(_) => has("cookie"),
        Seen::Client => has("fastly-client-ip"),
        Seen::Query(_) => false,
    }
}

fn words(seen: &BTreeSet<Seen<'_>>) -> String {
    let words = seen.iter().map(|seen| match seen {
        Seen::Header(name) => format!("the header `{name}`"),
        Seen::Cookie(name) => format!("the cookie `{name}`"),
        Seen::Client => "the client's address".to_owned(),
        Seen::Query(name) => format!("the parameter `{name}`"),
    });
    let words: Vec<String> = words.collect();
    format!("{}, which the cache key does not have", words.join(" and "))
}

/// Each value of a header and a cookie can have objects of its own; an address would have too many.
fn mend(seen: &BTreeSet<Seen<'_>>) -> String {
    let named = |wanted: fn(&Seen<'_>) -> Option<String>| {
        let names: Vec<String> = seen.iter().filter_map(wanted).collect();
        names.join(", ")
    };
    let headers = named(|seen| match seen {
        Seen::Header(name) => Some(format!("{name:?}")),
        _ => None,
    });
    let cookies = named(|seen| match seen {
        Seen::Cookie(name) => Some(format!("{name:?}")),
        _ => None,
    });
    let kept = named(|seen| match seen {
        Seen::Query(name) => Some(format!("`{name}`")),
        _ => None,
    });
    let lists = [("add_headers", headers), ("add_cookies", cookies)];
    let lists = lists.iter().filter(|(_, names)| !names.is_empty());
    let lists: Vec<String> = lists.map(|(key, names)| format!("{key} = [{names}]")).collect();
    let added = (!lists.is_empty()).then(|| format!("add key = {{ {} }}", lists.join(", ")));
    let kept = (!kept.is_empty())
        .then(|| format!("keep {kept} in the key: ignore_query = [...] without it"));
    let others = "all clients get what one of them chose";
    match seen.contains(&Seen::Client) {
        true => format!("{others}; add pass = true"),
        false => {
            let mends: Vec<String> = kept.into_iter().chain(added).collect();
            format!("{others}; {}, or pass = true", mends.join(", and "))
        }
    }
}
