//! The settings at the top of a timeline: what the service's operator chose.

use selvedge_cache::{KeyRules, Policy, SetCookie};
use selvedge_model::manifest::IgnoreQuery;

use super::script::duration;

/// How the service's cache judges, and what its keys are made of.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) policy: Policy,
    pub(crate) keys: KeyRules,
}

/// Takes one line such as `default_ttl 60`.
pub(super) fn take(settings: &mut Settings, line: &str) -> Option<()> {
    let (name, value) = line.split_once(' ').unwrap_or((line, ""));
    let Settings { policy, keys } = settings;
    match (name, value.trim()) {
        ("profile", "rfc") => *policy = Policy::rfc(),
        ("profile", "fastly") => *policy = Policy::fastly(),
        ("default_ttl", ttl) => policy.default_ttl = Some(duration(ttl)?),
        ("strict", "") => policy.strict = true,
        ("request_directives", "") => policy.request_directives = true,
        ("set_cookie", "pass") => policy.set_cookie = SetCookie::Pass,
        ("set_cookie", "store") => policy.set_cookie = SetCookie::Store,
        ("stale_if_disconnected", limit) => policy.stale_if_disconnected = duration(limit)?,
        ("key", change) => return key(keys, change),
        _ => return None,
    }
    Some(())
}

fn key(keys: &mut KeyRules, change: &str) -> Option<()> {
    let (name, value) = change.split_once(' ').unwrap_or((change, ""));
    match (name, value) {
        ("ignore_query", "") => keys.ignore_query = IgnoreQuery::All,
        ("sort_query", "") => keys.sort_query = true,
        ("add_header", name) => keys.add_headers.push(name.parse().ok()?),
        ("add_cookie", name) => keys.add_cookies.push(name.to_owned()),
        _ => return None,
    }
    Some(())
}
