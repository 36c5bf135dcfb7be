//! Chain auth without the secrets that it needs, as far as the manifest declares them. A store may be filled later, and what
//! a file or a variable holds is not known here.

use super::{At, Sink, Table, backend_place, place};
use crate::chain::{Domains, Entered};
use crate::manifest::declared::{Declared, Lack, is_empty, is_id};
use crate::manifest::{Backend, Manifest, SecretItem, Service, Source};

/// Warns of senders that cannot sign, and of services that nobody can get into.
pub(super) fn warn(
    service: &Service,
    (manifest, domains): (&Manifest, &Domains<'_>),
    root: &Table<'_>,
    sink: &mut Sink<'_>,
) {
    let account = Declared { manifest, service };
    for backend in service.backends.values() {
        let Some(auth) = &backend.chain_auth else { continue };
        let at = backend_place(service, backend, root);
        match account.current(auth) {
            Err(Lack { what, hint }) => {
                let what = format!("backend `{}` cannot sign: {what}", backend.name);
                sink.warn(at, what, hint);
            }
            Ok(secret) => unknown_there(secret, backend, (manifest, domains), at, sink),
        }
    }
    if let Some(required) = &service.require_chain_auth {
        let secrets = account.secrets(&required.secrets);
        if !secrets.iter().any(|item| is_id(&item.key) && !is_empty(item)) {
            let at = place(root, &["services", service.name.as_str(), "require_chain_auth"]);
            let what = format!(
                "nobody can call `{}`: {} holds no secret for chain tokens",
                service.name,
                account.shown(&required.secrets)
            );
            sink.warn(
                at,
                what,
                "add an item whose key is a number: { key = \"1\", generate = 32 }",
            );
        }
    }
}

/// The service that is called checks with secrets of its own.
fn unknown_there(
    secret: &SecretItem,
    backend: &Backend,
    (manifest, domains): (&Manifest, &Domains<'_>),
    at: At,
    sink: &mut Sink<'_>,
) {
    let Entered::Service(name) = domains.entered(backend) else { return };
    let Some(callee) = manifest.services.get(name.as_str()) else { return };
    let Some(required) = &callee.require_chain_auth else { return };
    let there = Declared { manifest, service: callee };
    let store = there.shown(&required.secrets);
    let found = there.secrets(&required.secrets).iter().find(|item| item.key == secret.key);
    let what = match found.map(|item| (&item.source, &secret.source)) {
        None => format!("`{name}` does not know the secret `{}` that it signs with", secret.key),
        Some((Source::Data(one), Source::Data(other))) if one != other => {
            format!("`{name}` has another secret `{}` than the one that it signs with", secret.key)
        }
        Some(_) => return,
    };
    let what = format!("backend `{}`: {what}", backend.name);
    sink.warn(at, what, format!("{store} of `{name}` needs the same secret under the same key"));
}
