//! A manifest that says what a timeline's settings say.

use std::{collections::BTreeSet, fmt::Write as _, time::Duration};

use selvedge_cache::{KeyRules, Policy, Profile, SetCookie};
use selvedge_model::manifest::IgnoreQuery;

use super::script::Script;

pub(super) fn manifest(script: &Script) -> String {
    let mut text = "manifest_version = 1\nname = \"shop\"\n[pops.LHR]\n[services.shop]\n\
                    type = \"delivery\"\nbackends.origin = { url = \"http://origin.example\" }\n"
        .to_owned();
    let domains: Vec<String> = hosts(script).iter().map(|host| format!("\"{host}\"")).collect();
    let _ = writeln!(text, "domains = [{}]", domains.join(", "));
    text.push_str(&policy(&script.settings.policy));
    text.push_str(&keys(&script.settings.keys));
    text
}

/// Every host that is asked for, without its port.
fn hosts(script: &Script) -> BTreeSet<String> {
    let hosts = script.exchanges.iter().map(|exchange| exchange.host.to_ascii_lowercase());
    hosts.map(|host| host.split(':').next().unwrap_or_default().to_owned()).collect()
}

fn policy(policy: &Policy) -> String {
    let (profile, set_cookie) = match policy.profile {
        Profile::Rfc => ("rfc", SetCookie::Store),
        Profile::Fastly => ("fastly", SetCookie::Pass),
    };
    let mut lines = vec![format!("cache_profile = \"{profile}\"")];
    if policy.set_cookie != set_cookie {
        let word = if policy.set_cookie == SetCookie::Store { "store" } else { "pass" };
        lines.push(format!("set_cookie = \"{word}\""));
    }
    lines.extend(policy.default_ttl.map(|ttl| format!("default_ttl = \"{}\"", seconds(ttl))));
    let stale = seconds(policy.stale_if_disconnected);
    lines.push(format!("stale_if_disconnected = \"{stale}\""));
    lines.push(format!("strict_stale = {}", policy.strict));
    lines.push(format!("honour_request_directives = {}", policy.request_directives));
    lines.join("\n") + "\n"
}

fn seconds(duration: Duration) -> String {
    format!("{}s", duration.as_secs())
}

fn keys(keys: &KeyRules) -> String {
    let mut changes = Vec::new();
    if keys.ignore_query == IgnoreQuery::All {
        changes.push("ignore_query = true".to_owned());
    }
    if keys.sort_query {
        changes.push("sort_query = true".to_owned());
    }
    changes.extend(keys.add_headers.iter().map(|name| format!("add_headers = [\"{name}\"]")));
    changes.extend(keys.add_cookies.iter().map(|name| format!("add_cookies = [\"{name}\"]")));
    match changes.as_slice() {
        [] => String::new(),
        _ => format!(
            "[[services.shop.rules]]\nwhen = {{ path = \"/**\" }}\nthen.key = {{ {} }}\n",
            changes.join(", ")
        ),
    }
}
