//! Judging a chain token.
//!
//! The order is fixed: form, secret, signature, time. So a stranger learns nothing about our
//! clock, and the log tells a wrong secret from a slow network.

use http::HeaderMap;
use subtle::ConstantTimeEq;

use super::{
    sign::mac,
    token::{EDGE_AUTH, Token},
};
use crate::{Refusal, model::limits::CHAIN_TOKEN_WINDOW_MS, store::secret::Secret};

/// Stands in for a secret that we do not have, so that looking for one takes the same work.
const NO_SECRET: &[u8] = b"no such secret";

/// What a valid token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The POP that the request comes from.
    pub pop: String,
    /// Which secret signed it.
    pub secret_id: String,
}

/// Checks the one `Edge-Auth` header of a request.
///
/// # Errors
/// [`Refusal::ChainTokenMissing`] without one, [`Refusal::ChainTokenMalformed`] with several (we
/// would have to choose one, and the sender sends one), otherwise as [`verify`].
pub fn admit(
    headers: &HeaderMap,
    now_ms: u64,
    secret_of: impl FnOnce(&str) -> Option<Secret>,
) -> Result<Verified, Refusal> {
    admit_values(headers.get_all(EDGE_AUTH).iter().map(AsRef::as_ref), now_ms, secret_of)
}

/// [`admit`] on the header's values, wherever they were kept.
pub(super) fn admit_values<'a>(
    mut values: impl Iterator<Item = &'a [u8]>,
    now_ms: u64,
    secret_of: impl FnOnce(&str) -> Option<Secret>,
) -> Result<Verified, Refusal> {
    let value = values.next().ok_or(Refusal::ChainTokenMissing)?;
    if values.next().is_some() {
        return Err(Refusal::ChainTokenMalformed);
    }
    verify(value, now_ms, secret_of)
}

/// Checks a token: it is valid if signed by a secret that we have, less than two seconds before
/// or after now.
///
/// # Errors
/// In this order: [`Refusal::ChainTokenMalformed`], [`Refusal::ChainSecretUnknown`] (also for an
/// empty secret), [`Refusal::ChainSignatureWrong`], [`Refusal::ChainTokenExpired`].
pub fn verify(
    value: &[u8],
    now_ms: u64,
    secret_of: impl FnOnce(&str) -> Option<Secret>,
) -> Result<Verified, Refusal> {
    let token = Token::parse(value).ok_or(Refusal::ChainTokenMalformed)?;
    let secret = secret_of(token.secret_id).filter(|secret| !secret.plaintext().is_empty());
    let fits = is_signed_with(&token, secret.as_ref().map_or(NO_SECRET, Secret::plaintext));
    match (secret, fits) {
        (None, _) => Err(Refusal::ChainSecretUnknown),
        (Some(_), false) => Err(Refusal::ChainSignatureWrong),
        (Some(_), true) if !is_timely(&token, now_ms) => Err(Refusal::ChainTokenExpired),
        (Some(_), true) => {
            Ok(Verified { pop: token.pop.to_owned(), secret_id: token.secret_id.to_owned() })
        }
    }
}

fn is_signed_with(token: &Token<'_>, secret: &[u8]) -> bool {
    mac(secret, &token.signed()).is_ok_and(|expected| expected.ct_eq(&token.mac).into())
}

fn is_timely(token: &Token<'_>, now_ms: u64) -> bool {
    now_ms.abs_diff(token.signed_at_ms()) < CHAIN_TOKEN_WINDOW_MS
}
