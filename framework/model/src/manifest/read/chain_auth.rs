//! `chain_auth` of a backend and `require_chain_auth` of a service.

use super::keys;
use super::link::kind_of;
use super::sink::Sink;
use super::table::Table;
use super::value::Value;
use crate::manifest::{ChainAuth, ChainMode, RequireChainAuth};
use crate::name::{LinkName, StoreKind};
use crate::suggest;

const MODES: &[(&str, ChainMode)] = &[("signed", ChainMode::Signed)];
const LATER: &[&str] = &["shared", "one-time"];
const DEFAULT: &str = "the default mode `one-time` is not supported yet";

/// How a backend signs.
pub(super) fn signing(
    service: &Table<'_>,
    backend: &Table<'_>,
    sink: &mut Sink<'_>,
) -> Option<ChainAuth> {
    let table = backend.table("chain_auth", sink)?;
    table.only(&keys::CHAIN_AUTH, sink);
    let links = links(service, &table, sink);
    let mode = match table.get("mode") {
        Some(value) => value.word(MODES, LATER, sink),
        None => no_default(&table, "write mode = \"signed\"", sink),
    };
    let (config, secrets) = links?;
    Some(ChainAuth { config, secrets, mode: mode? })
}

/// What a service requires.
pub(super) fn required(service: &Table<'_>, sink: &mut Sink<'_>) -> Option<RequireChainAuth> {
    let table = service.table("require_chain_auth", sink)?;
    table.only(&keys::REQUIRE_CHAIN_AUTH, sink);
    let links = links(service, &table, sink);
    let accept = match table.get("accept") {
        Some(value) => accept(&value, sink),
        None => no_default(&table, "write accept = [\"signed\"]", sink),
    };
    let (config, secrets) = links?;
    Some(RequireChainAuth { config, secrets, accept: accept? })
}

fn accept(value: &Value<'_>, sink: &mut Sink<'_>) -> Option<Vec<ChainMode>> {
    let items = value.array(sink)?;
    if items.is_empty() {
        let what = format!("`{}` accepts nothing", value.path);
        sink.refuse_with(value.at, what, "write accept = [\"signed\"]".to_owned());
        return None;
    }
    let mut modes: Vec<ChainMode> =
        items.iter().filter_map(|item| item.word(MODES, LATER, sink)).collect();
    modes.dedup();
    Some(modes)
}

fn no_default<T>(table: &Table<'_>, hint: &str, sink: &mut Sink<'_>) -> Option<T> {
    sink.absent(table.at, format!("{}: {DEFAULT}", table.shown()), hint.to_owned());
    None
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
