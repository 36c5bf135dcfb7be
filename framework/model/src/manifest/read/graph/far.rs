//! Services of a chain that shield in different POPs: from the edge over one shield to the next a request passes three,
//! and more than two bring nothing (platform.md section 10.3).

use std::collections::BTreeSet;

use super::{Sink, Table, backend_place};
use crate::chain::{Domains, Entered};
use crate::manifest::{Backend, Manifest, Service};
use crate::name::{PopName, ServiceName};

/// Warns of a backend behind whose shield the chain goes on to another.
pub(super) fn warn<'m>(
    (service, backend): (&Service, &'m Backend),
    (manifest, domains): (&'m Manifest, &Domains<'m>),
    root: &Table<'_>,
    sink: &mut Sink<'_>,
) {
    let Some(shield) = &backend.shield else { return };
    let Some((next, other)) = shielded_elsewhere(shield, backend, manifest, domains) else {
        return;
    };
    let name = &service.name;
    let what = format!(
        "`{name}` shields in `{shield}`, and `{next}` behind it in `{other}`: a request may pass three POPs"
    );
    let hint = "let only one of them shield, or both in the same POP";
    sink.warn(backend_place(service, backend, root), what, hint);
}

/// The first service of the chain behind a backend that leaves its shield for another.
fn shielded_elsewhere<'m>(
    shield: &PopName,
    backend: &'m Backend,
    manifest: &'m Manifest,
    domains: &Domains<'m>,
) -> Option<(&'m ServiceName, &'m PopName)> {
    let mut seen = BTreeSet::new();
    let mut ahead = vec![backend];
    while let Some(backend) = ahead.pop() {
        let Entered::Service(next) = domains.entered(backend) else { continue };
        if !seen.insert(next) {
            continue;
        }
        let behind = manifest.services.get(next.as_str()).into_iter();
        for backend in behind.flat_map(|service| service.backends.values()) {
            match &backend.shield {
                Some(other) if other != shield => return Some((next, other)),
                Some(_) | None => ahead.push(backend),
            }
        }
    }
    None
}
