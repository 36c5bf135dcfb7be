//! `chain_auth` of a backend and `require_chain_auth` of a service.

use std::time::Duration;

use super::keys;
use super::link::kind_of;
use super::sink::Sink;
use super::table::Table;
use super::value::Value;
use crate::limits::{
    CHAIN_NONCES, CHAIN_NONCES_MAX, CHAIN_TOKEN_WINDOW_MS, CHAIN_TOKEN_WINDOW_MS_MAX,
};
use crate::manifest::{ChainAuth, ChainMode, RequireChainAuth, Target};
use crate::name::{LinkName, StoreKind};
use crate::suggest;

const MODES: &[(&str, ChainMode)] = &[
    (ChainMode::Shared.as_str(), ChainMode::Shared),
    (ChainMode::Signed.as_str(), ChainMode::Signed),
    (ChainMode::OneTime.as_str(), ChainMode::OneTime),
];

/// How a backend signs.
pub(super) fn signing(
    service: &Table<'_>,
    backend: &Table<'_>,
    target: Option<&Target>,
    root: &Table<'_>,
    sink: &mut Sink<'_>,
) -> Option<ChainAuth> {
    let table = backend.table("chain_auth", sink)?;
    table.only(&keys::CHAIN_AUTH, sink);
    let links = links(service, &table, sink);
    let is_ours = target.is_some_and(|target| is_ours(target, root));
    let mode = match table.get("mode") {
        Some(value) => mode(&value, is_ours || target.is_none(), sink),
        None if is_ours => Some(ChainMode::OneTime),
        None => Some(ChainMode::Signed),
    };
    let (config, secrets) = links?;
    Some(ChainAuth { config, secrets, mode: mode? })
}

/// Only a service of ours knows what a one-time token is, and which service it is for.
fn mode(value: &Value<'_>, is_ours: bool, sink: &mut Sink<'_>) -> Option<ChainMode> {
    let mode = value.word(MODES, &[], sink)?;
    if mode == ChainMode::OneTime && !is_ours {
        let what = format!("`{}`: one-time tokens are for services of this account", value.path);
        sink.refuse_with(value.at, what, "towards an origin write mode = \"signed\"".to_owned());
        return None;
    }
    Some(mode)
}

/// Whether it leads to a service of this account: by its name, or by one of its domains.
fn is_ours(target: &Target, root: &Table<'_>) -> bool {
    match target {
        Target::Service(_) => true,
        Target::Url(url) => root.peek("services").is_some_and(|services| {
            let mut tables = services.names().into_iter().filter_map(|name| services.peek(name));
            tables.any(|service| has_domain(&service, &url.host))
        }),
    }
}

fn has_domain(service: &Table<'_>, host: &str) -> bool {
    let domains = service.get("domains");
    let items = domains.as_ref().and_then(|value| value.value.as_array());
    let mut texts = items.into_iter().flatten().filter_map(|item| item.get_ref().as_str());
    texts.any(|domain| domain.eq_ignore_ascii_case(host))
}

/// What a service requires.
pub(super) fn required(service: &Table<'_>, sink: &mut Sink<'_>) -> Option<RequireChainAuth> {
    let table = service.table("require_chain_auth", sink)?;
    table.only(&keys::REQUIRE_CHAIN_AUTH, sink);
    let links = links(service, &table, sink);
    let accept = match table.get("accept") {
        Some(value) => accept(&value, sink),
        None => Some(vec![ChainMode::OneTime]),
    };
    let window = window(&table, sink);
    let nonces = nonces(&table, sink);
    let (config, secrets) = links?;
    Some(RequireChainAuth { config, secrets, accept: accept?, window, nonces })
}

fn accept(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<Vec<ChainMode>> {
    let items = value.array(sink)?;
    if items.is_empty() {
        let what = format!("`{}` accepts nothing", value.path);
        sink.refuse_with(value.at, what, "write accept = [\"one-time\"]".to_owned());
        return None;
    }
    let mut modes: Vec<ChainMode> =
        items.iter().filter_map(|item| item.word(MODES, &[], sink)).collect();
    modes.sort();
    modes.dedup();
    Some(modes)
}

fn window(table: &Table<'_>, sink: &mut Sink<'_>) -> Duration {
    let written = table.get("window").and_then(|value| {
        let window = value.duration(sink)?;
        let most = Duration::from_millis(CHAIN_TOKEN_WINDOW_MS_MAX);
        if window.is_zero() || window > most {
            let what = format!("`{}` must be more than 0s and at most 5m", value.path);
            sink.refuse(value.at, what);
        }
        Some(window)
    });
    written.unwrap_or(Duration::from_millis(CHAIN_TOKEN_WINDOW_MS))
}

fn nonces(table: &Table<'_>, sink: &mut Sink<'_>) -> usize {
    let most = u64::try_from(CHAIN_NONCES_MAX).unwrap_or(u64::MAX);
    let written = table.get("nonces").and_then(|value| value.number(1, most, sink));
    written.and_then(|nonces| usize::try_from(nonces).ok()).unwrap_or(CHAIN_NONCES)
}

/// The two links that both forms name.
fn links(
    service: &Table<'_>,
    table: &Table<'_>,
    sink: &mut Sink<'_>,
) -> Option<(LinkName, LinkName)> {
    let config = link(service, table, "config", StoreKind::Config, sink);
    let secrets = link(service, table, "secrets", StoreKind::Secret, sink);
    Some((config?, secrets?))
}

/// A link that the service must have, with this kind.
fn link(
    service: &Table<'_>,
    table: &Table<'_>,
    key: &str,
    kind: StoreKind,
    sink: &mut Sink<'_>,
) -> Option<LinkName> {
    let hint = format!("write {key} = \"...\", the name of a {} link", kind.words());
    let value = table.need(key, &hint, sink)?;
    let name = value.text(sink)?;
    match kind_of(service, name) {
        Some(found) if found == kind => LinkName::new(kind, name).ok(),
        Some(found) => {
            let what = format!(
                "`{}` must name a {} link; `{name}` links a {}",
                value.path,
                kind.words(),
                found.words()
            );
            sink.refuse(value.at, what);
            None
        }
        None => {
            unlinked(service, name, &value, sink);
            None
        }
    }
}

fn unlinked(service: &Table<'_>, name: &str, value: &Value<'_>, sink: &mut Sink<'_>) {
    let links = service.peek("links");
    // A link of that name that says no kind has been reported itself.
    if links.as_ref().is_some_and(|links| links.entries.contains_key(name)) {
        return;
    }
    let hint = links.and_then(|links| suggest::hint(name, links.names()));
    let hint = hint.or_else(|| Some(format!("add it to [{}.links]", service.path)));
    sink.absent(value.at, format!("{} has no link `{name}`", service.shown()), hint);
}
