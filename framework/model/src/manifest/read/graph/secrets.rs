//! Chain auth without the secrets that it needs, as far as the manifest declares them. A store may be filled later, and what
//! a file or a variable holds is not known here.

use super::{At, Sink, Table, backend_place, place};
use crate::chain::{Domains, Entered};
use crate::manifest::{Backend, ChainAuth, Manifest, SecretItem, Service, Source};
use crate::name::LinkName;

/// The config item that says which secret is current.
const SECRET_ID: &str = "edge_auth_secret_id";

/// Warns of senders that cannot sign, and of services that nobody can get into.
pub(super) fn warn(
    service: &Service,
    (manifest, domains): (&Manifest, &Domains<'_>),
    root: &Table<'_>,
    sink: &mut Sink<'_>,
) {
    let account = Known { manifest, service };
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
    let there = Known { manifest, service: callee };
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

/// What a service does not have, and what to do about it.
struct Lack {
    what: String,
    hint: String,
}

/// A service and the stores that it sees.
struct Known<'m> {
    manifest: &'m Manifest,
    service: &'m Service,
}

impl<'m> Known<'m> {
    /// The secret that is current for a sender.
    fn current(&self, auth: &ChainAuth) -> Result<&'m SecretItem, Lack> {
        let config = self.shown(&auth.config);
        let store = self.service.links.get(auth.config.as_str()).map(|link| &link.store);
        let contents = store.and_then(|store| self.manifest.config_stores.get(store.as_str()));
        let Some(id) = contents.and_then(|contents| contents.get(SECRET_ID)) else {
            let hint = format!("add {SECRET_ID} = \"1\", the key of a secret");
            return Err(Lack { what: format!("{config} has no `{SECRET_ID}`"), hint });
        };
        let secrets = self.shown(&auth.secrets);
        let items = self.secrets(&auth.secrets);
        let hint = format!("add {{ key = {id:?}, generate = 32 }} to {secrets}");
        match items.iter().find(|item| item.key == *id) {
            _ if !is_id(id) => Err(Lack {
                what: format!("`{SECRET_ID}` of {config} is {id:?}"),
                hint: "a secret for chain tokens has a number for its key".to_owned(),
            }),
            None => Err(Lack { what: format!("{secrets} has no secret `{id}`"), hint }),
            Some(item) if is_empty(item) => {
                let hint = "write some text, or generate = 32".to_owned();
                Err(Lack { what: format!("the secret `{id}` of {secrets} is empty"), hint })
            }
            Some(item) => Ok(item),
        }
    }

    fn secrets(&self, link: &LinkName) -> &'m [SecretItem] {
        let store = self.service.links.get(link.as_str()).map(|link| &link.store);
        let items = store.and_then(|store| self.manifest.secret_stores.get(store.as_str()));
        items.map_or(&[], Vec::as_slice)
    }

    /// The store behind a link.
    fn shown(&self, link: &LinkName) -> String {
        let store = self.service.links.get(link.as_str()).map(|link| link.store.as_str());
        format!("the store `{}`", store.unwrap_or(link.as_str()))
    }
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_empty(item: &SecretItem) -> bool {
    matches!(&item.source, Source::Data(text) if text.is_empty())
}
