//! Chain tokens of a running node: made for each attempt, checked where a service is entered.
//!
//! What a token is and when it is good is in `selvedge::chain`; here are the stores with the secrets, the nonces, and what
//! the request really is.

mod nonce;
mod refusals;

use std::sync::PoisonError;

use selvedge::{
    Error, Host, Refusal, Request, Result,
    chain::{self, EDGE_AUTH, InboundToken, Memory, Purpose, Secrets, Signer, Terms, Verified},
    store::secret::Secret,
};
use selvedge_model::{id::StoreId, manifest::ChainMode};

pub use self::refusals::Refusals;
use crate::{
    account::LiveAccount,
    hop::Hop,
    world::{Required, Service, Signing},
};

/// Lets a request into a service that requires a token, and notes that its token was good.
///
/// # Errors
/// Where it has none that is; the named refusal says why.
pub fn admit(hop: &Hop, required: &Required, token: InboundToken) -> Result<InboundToken> {
    check(hop, required, &token)?;
    Ok(token.passed_with(required.secrets.clone()))
}

/// Checks a token.
///
/// # Errors
/// As [`admit`].
pub fn check(hop: &Hop, required: &Required, token: &InboundToken) -> Result<Verified> {
    let account = &hop.world().account;
    let now_ms = hop.now_ms();
    let terms = Terms {
        accept: &required.accept,
        now_ms,
        window_ms: required.window_ms,
        purpose: token.purpose(hop.service.name()),
    };
    let known = Known { account, store: &required.secrets };
    let verified =
        chain::admit(token.values(), &terms, &known).map_err(|refusal| refused(hop, refusal))?;
    if let Some((nonce, second)) = verified.once {
        let memory = Memory { now_ms, window_ms: required.window_ms, most: required.nonces };
        let mut nonces = hop.service.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        nonces.record(nonce, second, &memory).map_err(|refusal| refused(hop, refusal))?;
    }
    Ok(verified)
}

fn refused(hop: &Hop, refusal: Refusal) -> Error {
    hop.service.refusals.count(refusal);
    Error::new(refusal, format!("service `{}` requires a chain token", hop.service.name()))
}

/// The secrets of a store whose names can be a secret's id.
struct Known<'a> {
    account: &'a LiveAccount,
    store: &'a StoreId,
}

impl Secrets for Known<'_> {
    fn get(&self, id: &str) -> Option<Secret> {
        self.account.secret(self.store, id)
    }

    fn ids(&self) -> Vec<String> {
        let account = self.account.now();
        let names = account.secrets(self.store.as_str()).map(|(name, _)| name.to_owned());
        names.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit())).collect()
    }
}

/// Signs a request that is ready to be sent to this host: the last change to it.
///
/// # Errors
/// [`Refusal::ChainSecretMissing`]; [`Refusal::StoreFailed`] where the system has no random bytes.
pub fn sign(
    hop: &Hop,
    signing: &Signing,
    (target, host): (Option<&Service>, &str),
    request: &mut Request,
) -> Result<()> {
    let world = hop.world();
    let (id, secret) = chain::current_secret(
        |key| Ok(world.account.config(&signing.config, key)),
        |key| Ok(world.account.secret(&signing.secrets, key)),
    )?;
    let (pop, now_ms) = (hop.pop.name.as_str(), world.clock.now_ms());
    let signer = Signer { secret_id: &id, secret: &secret, pop, now_ms };
    let token = match (signing.mode, target) {
        (ChainMode::Shared, _) => signer.shared()?,
        (ChainMode::OneTime, Some(service)) => {
            let path = request.uri().path_and_query().map_or("/", |target| target.as_str());
            let method = request.method().as_str();
            let purpose =
                Purpose { service: service.name(), method, authority: host, target: path };
            signer.one_time(nonce::next()?, &purpose)?
        }
        // Nobody at an address that is none of ours could check a one-time token.
        (ChainMode::Signed | ChainMode::OneTime, _) => signer.signed()?,
    };
    request.headers_mut().insert(EDGE_AUTH, token);
    Ok(())
}
