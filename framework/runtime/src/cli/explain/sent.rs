//! What would be answered at once, or sent where, as what, and known by the cache as what.

use std::fmt::Write as _;

use http::{HeaderMap, header};
use selvedge::Request;
use selvedge_cache::{decision::PassReason, key::Key, lookup::may_look_up};
use selvedge_model::{
    chain::Domains,
    manifest::{
        Backend, BackendUrl, Choice, Director, End, Manifest, Service, ServiceCache, Target,
    },
    name::BackendName,
};

use super::{
    Ask,
    goal::{Goal, goal, whole},
};
use crate::{
    esi,
    headers::Vouched,
    purge,
    world::{Matched, Rules},
};

/// The service that would send.
pub(super) struct Sender<'a> {
    pub(super) manifest: &'a Manifest,
    pub(super) service: &'a Service,
    pub(super) rules: &'a Rules,
    /// Where it sends unless a rule says otherwise.
    pub(super) backend: &'a BackendName,
}

/// What becomes of the request.
pub(super) fn write(
    text: &mut String,
    sender: &Sender<'_>,
    matched: &Matched,
    ask: Ask,
) -> Result<(), String> {
    if let Some((end, _)) = sender.rules.end(matched) {
        let _ = writeln!(text, "\nit is answered at once\n  {}", ended(end));
        return Ok(());
    }
    if purge::is_purge(ask.request.method()) {
        text.push_str("\nit purges the URL, and is not sent on\n");
        return Ok(());
    }
    let mut request = ask.request;
    let before = request.headers().clone();
    if sender.rules.host(matched).is_some() && !sender.rules.look_at_clients() {
        Vouched::of(ask.client, "http").say(request.headers_mut());
    }
    let said = request.headers().clone();
    esi::ask_for(sender.rules.template(matched), &mut request);
    sender.rules.rewrite(matched, &mut request).map_err(|it| format!("error: {}", it.chain()))?;
    text.push_str("\nit is sent\n");
    destination(text, sender, matched, &request);
    row(text, "path", &request.uri().to_string());
    let before = if before.len() == said.len() { before } else { said };
    differences(text, &before, request.headers());
    cache(text, sender, matched, &request);
    Ok(())
}

/// What a rule answers itself.
pub(super) fn ended(end: &End) -> String {
    match end {
        End::Deny { status } => format!("denied with {status}"),
        End::Redirect(to) => {
            let rest = if to.append_path { ", its path and query behind that" } else { "" };
            format!("sent to {} with {}{rest}", to.to, to.status)
        }
        End::Synthetic(said) => {
            format!("{} with {} bytes of {}", said.status, said.body.len(), said.content_type)
        }
    }
}

fn row(text: &mut String, name: &str, what: &str) {
    let _ = writeln!(text, "  {name:8} {what}");
}

fn destination(text: &mut String, sender: &Sender<'_>, matched: &Matched, request: &Request) {
    let name = sender.rules.backend(matched).unwrap_or(sender.backend.as_str());
    if let Some(backend) = sender.service.backends.get(name) {
        row(text, "to", &format!("backend `{name}`, {}", place(sender, backend, request)));
    }
    if let Some(director) = sender.service.directors.get(name) {
        row(text, "to", &format!("director `{name}`, {}", choice(director)));
        for member in &director.members {
            if let Some(backend) = sender.service.backends.get(member.backend.as_str()) {
                let place = place(sender, backend, request);
                row(text, "", &format!("`{}` (weight {}), {place}", member.backend, member.weight));
            }
        }
    }
}

fn choice(director: &Director) -> &'static str {
    match director.choice {
        Choice::Fallback => "the first of these that works and takes it",
        Choice::Random => "one of these that work, by weight",
        Choice::HashUrl => "always the same of these that work for a URL",
        Choice::HashClient => "always the same of these that work for a client",
    }
}

/// Where a backend leads, with which Host and which chain token.
fn place(sender: &Sender<'_>, backend: &Backend, request: &Request) -> String {
    let own = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = backend.override_host.as_deref().or(own).unwrap_or_default();
    let domains = Domains::of(sender.manifest);
    let goal = match &backend.target {
        Target::Service(name) => format!("service `{name}`"),
        Target::Url(url) => by_url(sender, url, &goal(&domains, backend, host)),
    };
    let token = match &backend.chain_auth {
        Some(auth) if sender.manifest.cannot_sign(sender.service, auth).is_some() => {
            format!(", without the secret for a chain token ({})", auth.mode.as_str())
        }
        Some(auth) => format!(", with a chain token ({})", auth.mode.as_str()),
        None => String::new(),
    };
    let shield = match &backend.shield {
        Some(shield) => format!("; from elsewhere through its shield {shield}"),
        None => String::new(),
    };
    format!("{goal}, Host {host}{token}{shield}")
}

fn by_url(sender: &Sender<'_>, url: &BackendUrl, goal: &Goal<'_>) -> String {
    let authority = url.authority();
    match goal {
        Goal::Network(None) => whole(url),
        Goal::Network(Some(name)) => {
            format!("{authority}, through the network, of service `{name}`")
        }
        Goal::ThisNode(_) => format!("{}, this node itself through the network", whole(url)),
        Goal::Service(name) if **name == sender.service.name => {
            format!("{authority}, this service again")
        }
        Goal::Service(name) => format!("{authority}, which is service `{name}`"),
        Goal::Nobody => format!("{authority}, where nobody answers to such a Host"),
    }
}

/// The fields that rules change.
fn differences(text: &mut String, before: &HeaderMap, after: &HeaderMap) {
    let mut names: Vec<_> = before.keys().chain(after.keys()).collect();
    names.sort_unstable_by_key(|name| name.as_str());
    names.dedup();
    let lines = |headers: &HeaderMap, name| {
        let lines = headers.get_all(name).iter();
        lines.map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned()).collect::<Vec<_>>()
    };
    for name in names {
        let (old, new) = (lines(before, name), lines(after, name));
        if old != new && new.is_empty() {
            row(text, "without", name.as_str());
        }
        if old != new && !new.is_empty() {
            row(text, "with", &format!("{name}: {}", new.join(", ")));
        }
    }
}

fn cache(text: &mut String, sender: &Sender<'_>, matched: &Matched, request: &Request) {
    let off = (sender.service.cache == ServiceCache::Off).then_some(PassReason::CacheOff);
    let pass = off.or_else(|| sender.rules.pass(matched));
    match pass.or(may_look_up(request.method()).err()) {
        Some(reason) => row(text, "cache", &format!("not asked: {}", reason.as_str())),
        None => {
            let waits = match sender.rules.collapse(matched) {
                true => "asked; who misses waits for a fetch that is under way",
                false => "asked; who misses fetches for itself",
            };
            row(text, "cache", waits);
            row(text, "key", &key(sender, matched, request).to_string());
        }
    }
}

fn key(sender: &Sender<'_>, matched: &Matched, request: &Request) -> Key {
    let (service, headers) = (sender.service.name.as_str(), request.headers());
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    match sender.rules.key(matched) {
        Some(rules) => Key::with_rules(service, host, target, rules, headers),
        None => Key::new(service, host, target),
    }
}
