//! Objects that one request makes and another gets, because a rewrite takes out of the key what chose the backend, or the
//! headers that were sent: a key has the path and the host that rules make. Who is told apart by what no key has is asked
//! in `swayed`. Conditions that overlap without one of them holding the other are not taken apart further.

mod sent;
mod turn;

use super::meet::meet;
use super::{Sink, Table, rule_at};
use crate::manifest::{PathPattern, Rule, Service, ServiceCache, ServiceKind, When};
use sent::{Sent, is_stored, sent};
use turn::{Turn, bare};

const HINT: &str = "keys are made after rewriting: add pass = true or cache = \"off\", rewrite nothing, or let a service of \
                    its own rewrite";

/// Warns of each rule that rewrites so.
pub(super) fn rules(service: &Service, root: &Table<'_>, sink: &mut Sink<'_>) {
    let ServiceKind::Delivery { rules, .. } = &service.kind else { return };
    if service.cache == ServiceCache::Off {
        return;
    }
    for number in 0..rules.len() {
        let Some(rule) = rules.get(number).filter(|rule| rewrites(rule)) else { continue };
        let mut found = cases(rule, rules).into_iter().filter_map(|when| clash(service, &when));
        if let Some(clash) = found.next() {
            let what = format!(
                "{} of `{}`: what {} is stored under {} after the rewrite, where what {} may lie, too",
                rule_at::shown(rules, number),
                service.name,
                clash.here,
                clash.place,
                clash.there
            );
            let at = rule_at::place(service, number, root, sink);
            sink.warn(at, what, HINT);
        }
    }
}

fn rewrites(rule: &Rule) -> bool {
    rule.then.rewrite_path.is_some() || rule.then.rewrite_host.is_some()
}

/// The requests of a rule, and those of them for which others say what they are sent with.
fn cases(rule: &Rule, rules: &[Rule]) -> Vec<When> {
    let chooses =
        |other: &&Rule| other.then.backend.is_some() || !other.then.request_headers.is_empty();
    let parts = rules.iter().filter(chooses).filter_map(|other| meet(&rule.when, &other.when));
    std::iter::once(rule.when.clone()).chain(parts).collect()
}

/// Two kinds of requests that share a key.
struct Clash {
    here: String,
    there: String,
    place: String,
}

/// What else lies where the answers to some requests are stored.
fn clash(service: &Service, when: &When) -> Option<Clash> {
    let ServiceKind::Delivery { rules, .. } = &service.kind else { return None };
    let turn = Turn::of(rules, when);
    let when = turn.changed(when).filter(|when| is_stored(rules, when))?;
    let made = turn.made_of(&when)?;
    let here = sent(service, &when);
    others(service, &made).into_iter().find_map(|other| {
        let there = sent(service, &other);
        let (here, there) = Sent::told(&here, &there)?;
        Some(Clash { here, there, place: place(&when, &made) })
    })
}

/// All requests whose answers are stored under some path and host: those for it, and those that rules bring there.
fn others(service: &Service, made: &When) -> Vec<When> {
    let ServiceKind::Delivery { rules, .. } = &service.kind else { return Vec::new() };
    let brought = rules.iter().filter(|rule| rewrites(rule)).filter_map(|rule| {
        let turn = Turn::of(rules, &rule.when);
        meet(&rule.when, &turn.before(made)?)
    });
    let stays = is_asked_for(service, made) && !is_always_rewritten(rules, made);
    let plain = stays.then(|| made.clone());
    plain.into_iter().chain(brought).filter(|when| is_stored(rules, when)).collect()
}

/// Whether clients can ask for it: another host comes to another service, or to none.
fn is_asked_for(service: &Service, made: &When) -> bool {
    let is_domain = |host: &str| service.domains.iter().any(|it| bare(it.as_str()) == host);
    made.host.as_ref().is_none_or(|host| host.as_str().contains('*') || is_domain(host.as_str()))
}

fn is_always_rewritten(rules: &[Rule], when: &When) -> bool {
    let turn = Turn::of(rules, when);
    turn != Turn::NONE
        && turn.changed(when).as_ref() == Some(when)
        && turn.made_of(when).as_ref() != Some(when)
}

/// What was rewritten, as it is then.
fn place(when: &When, made: &When) -> String {
    let path = made.path.as_ref().filter(|_| made.path != when.path);
    let host = made.host.as_ref().filter(|_| made.host != when.host);
    match (host, path.map(PathPattern::as_str)) {
        (Some(host), Some(path)) => format!("`{}{path}`", host.as_str()),
        (Some(host), None) => format!("the host `{}`", host.as_str()),
        (None, path) => format!("`{}`", path.unwrap_or("/**")),
    }
}
