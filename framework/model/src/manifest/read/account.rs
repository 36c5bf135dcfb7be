//! The whole account: version, name, settings, and every section put together.

use super::sink::{At, Sink};
use super::table::Table;
use super::{Form, keys, places, services, shelf, stores};
use crate::manifest::{Account, Dev, Manifest};
use crate::name::ServiceName;
use crate::suggest;

/// Reads all sections; every one is read, whatever is wrong with the others.
pub(super) fn read(root: &Table<'_>, form: Form, sink: &mut Sink<'_>) -> Option<Manifest> {
    root.only(&keys::ROOT, sink);
    version(root, sink);
    let name = name(root, sink);
    let account = account(root, sink);
    let pops = places::pops(root, sink);
    let dev = places::dev(root, sink);
    let dev = match form {
        Form::Served { listen, admin } => Dev { listen: Some(listen), admin: Some(admin), ..dev },
        Form::Written | Form::Active => dev,
    };
    let shelf = shelf::read(root, sink);
    let kv_stores = stores::kv(root, sink);
    let config_stores = stores::config(root, sink);
    let secret_stores = stores::secret(root, sink);
    let acls = stores::acl(root, sink);
    let services = services::read(root, form, sink);
    let name = name?;
    Some(Manifest {
        name,
        dev,
        pops,
        shelf,
        kv_stores,
        config_stores,
        secret_stores,
        acls,
        services,
        account,
    })
}

/// There is one version of the format so far.
fn version(root: &Table<'_>, sink: &mut Sink<'_>) {
    let Some(value) = root.need("manifest_version", "write manifest_version = 1", sink) else {
        return;
    };
    let version = value.number(0, u64::MAX, sink);
    if let Some(version) = version.filter(|version| *version != 1) {
        let what = format!("`manifest_version` {version} is unknown");
        sink.refuse_with(value.at, what, "this selvedge reads version 1".to_owned());
    }
}

fn name(root: &Table<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let value = root.need("name", "write name = \"...\", what the account is called", sink)?;
    let name = value.any_text(sink)?;
    if name.trim().is_empty() || name.contains(char::is_control) {
        sink.refuse(value.at, "`name` must be one line of text and not empty");
        return None;
    }
    Some(name.to_owned())
}

/// Services that may bypass local routing.
fn account(root: &Table<'_>, sink: &mut Sink<'_>) -> Account {
    let Some(table) = root.table("account", sink) else { return Account::default() };
    table.only(&keys::ACCOUNT, sink);
    let list = table.get("allow_local_bypass").and_then(|value| value.array(sink));
    let services = root.peek("services");
    let names = services.as_ref().map(Table::names).unwrap_or_default();
    let mut allow_local_bypass = Vec::new();
    for item in list.unwrap_or_default() {
        let Some(name) = item.text(sink) else { continue };
        if !names.contains(&name) {
            let hint = suggest::hint(name, names.iter().copied());
            sink.absent(item.at, format!("there is no service `{name}`"), hint);
        }
        allow_local_bypass.extend(ServiceName::new(name).ok());
    }
    Account { allow_local_bypass }
}

/// Whether the account lets a service bypass local routing.
pub(super) fn may_bypass(root: &Table<'_>, service: &str) -> bool {
    let list = root.peek("account").and_then(|table| table.get("allow_local_bypass"));
    let items = list.as_ref().and_then(|value| value.value.as_array());
    items.is_some_and(|items| items.iter().any(|item| item.get_ref().as_str() == Some(service)))
}

/// Reports a section that must have at least one entry.
pub(super) fn at_least_one(root: &Table<'_>, section: &str, example: &str, sink: &mut Sink<'_>) {
    let entries = root.peek(section).map_or(0, |table| table.entries.len());
    // A section of another type has been reported as such.
    let is_other = root.peek(section).is_none() && root.get(section).is_some();
    if entries == 0 && !is_other {
        let at = root.get(section).map_or(At(0), |value| value.key_at);
        let what = format!("an account needs at least one entry in `{section}`");
        sink.absent(at, what, format!("write {example}"));
    }
}
