//! Chain tokens where nothing is remembered between requests: mode `signed` only.
//!
//! A one-time token is good once, and whether it was used before nobody here could say, so none is accepted. Which modes a
//! service takes and makes is the manifest's elsewhere; here it is this.

use ::fastly::SecretStore;

use super::stores;
use crate::{
    Error, Request, Result,
    chain::{self, EDGE_AUTH, InboundToken, Secrets, Signer, Terms, Verified},
    model::{limits::CHAIN_TOKEN_WINDOW_MS, manifest::ChainMode, need::ChainStores},
    store::secret::Secret,
};

/// Checks a token with the secrets of a link.
pub(super) fn admit(
    service: &str,
    now_ms: u64,
    links: ChainStores,
    token: &InboundToken,
) -> Result<Verified> {
    // Without the store every token would be one of an unknown secret, and its sender be blamed.
    let store = stores::open_secrets(links.secrets)?;
    let terms = Terms {
        accept: &[ChainMode::Signed],
        now_ms,
        window_ms: CHAIN_TOKEN_WINDOW_MS,
        purpose: token.purpose(service),
    };
    chain::admit(token.values(), &terms, &Known { link: links.secrets, store }).map_err(|refusal| {
        Error::new(refusal, format!("service `{service}` requires a chain token"))
    })
}

/// The secrets of a linked store.
struct Known {
    link: &'static str,
    store: SecretStore,
}

impl Secrets for Known {
    fn get(&self, id: &str) -> Option<Secret> {
        stores::secret_of(&self.store, self.link, id).ok().flatten()
    }

    /// The platform lists none; only shared secrets, which are not accepted, ask for it.
    fn ids(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Signs a request that is ready to be sent.
pub(super) fn sign(
    pop: &str,
    now_ms: u64,
    links: ChainStores,
    request: &mut Request,
) -> Result<()> {
    let (id, secret) = chain::current_secret(
        |key| stores::config(links.config, key),
        |key| stores::secret(links.secrets, key),
    )?;
    let token = Signer { secret_id: &id, secret: &secret, pop, now_ms }.signed()?;
    request.headers_mut().insert(EDGE_AUTH, token);
    Ok(())
}
