//! What a manifest declares for chain tokens: which secret is current for a sender. A store may be filled later, and what a
//! file or a variable holds is not known here.

use super::{ChainAuth, Manifest, SecretItem, Service, Source};
use crate::name::LinkName;

/// The config item that says which secret is current.
const SECRET_ID: &str = "edge_auth_secret_id";

impl Manifest {
    /// Why a service cannot sign with what is declared, as a clause, or `None` where it can: each send of it that is to be
    /// signed fails then, until somebody fills the store.
    pub fn cannot_sign(&self, service: &Service, auth: &ChainAuth) -> Option<String> {
        let lack = Declared { manifest: self, service }.current(auth).err()?;
        Some(lack.what)
    }
}

/// What a service does not have, and what to do about it.
pub(super) struct Lack {
    /// What it does not have.
    pub(super) what: String,
    /// What to do about it.
    pub(super) hint: String,
}

/// A service and the stores that it sees.
pub(super) struct Declared<'m> {
    pub(super) manifest: &'m Manifest,
    pub(super) service: &'m Service,
}

impl<'m> Declared<'m> {
    /// The secret that is current for a sender.
    pub(super) fn current(&self, auth: &ChainAuth) -> Result<&'m SecretItem, Lack> {
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

    /// The secrets behind a link.
    pub(super) fn secrets(&self, link: &LinkName) -> &'m [SecretItem] {
        let store = self.service.links.get(link.as_str()).map(|link| &link.store);
        let items = store.and_then(|store| self.manifest.secret_stores.get(store.as_str()));
        items.map_or(&[], Vec::as_slice)
    }

    /// The store behind a link.
    pub(super) fn shown(&self, link: &LinkName) -> String {
        let store = self.service.links.get(link.as_str()).map(|link| link.store.as_str());
        format!("the store `{}`", store.unwrap_or(link.as_str()))
    }
}

/// Whether a secret of this name can be one for chain tokens.
pub(super) fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether nothing can be signed with it.
pub(super) fn is_empty(item: &SecretItem) -> bool {
    matches!(&item.source, Source::Data(text) if text.is_empty())
}
