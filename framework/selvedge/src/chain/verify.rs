//! Judging a chain token.
//!
//! The order is fixed: form, mode, secret, signature, time; then, by whoever keeps them, the nonce. So a stranger learns
//! nothing about our clock, the log tells a wrong secret from a slow network, and nobody's nonce is remembered whose
//! signature is wrong. A token for another service, method or target has a wrong signature here, which is told by its mark.

use std::sync::LazyLock;

use subtle::{Choice, ConstantTimeEq};

use super::{
    one_time::{Nonce, OneTime, Purpose},
    sign::{Key, mac},
    signed::Signed,
    token::{Mac, Token},
};
use crate::{Refusal, model::manifest::ChainMode, store::secret::Secret};

/// Stands in for a secret that we do not have, so that looking for one takes the same work.
static NO_SECRET: LazyLock<Secret> = LazyLock::new(|| Secret::new(b"no such secret".to_vec()));

/// The secrets that tokens may be signed with.
pub trait Secrets {
    /// The secret of this id; `None` where there is none.
    fn get(&self, id: &str) -> Option<Secret>;

    /// The ids of all secrets that there are. Only mode `shared`, whose token names none, asks for them.
    fn ids(&self) -> Vec<String>;
}

/// What a service asks of a token.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The modes that it accepts.
    pub accept: &'a [ChainMode],
    /// The time, in milliseconds since the Unix epoch.
    pub now_ms: u64,
    /// A token is valid while its time differs from now by less than this, in milliseconds.
    pub window_ms: u64,
    /// What the request is, as it came in.
    pub purpose: Purpose<'a>,
}

/// What a valid token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Its mode.
    pub mode: ChainMode,
    /// The POP that the request comes from; a shared secret says none.
    pub pop: Option<String>,
    /// Which secret signed it; a shared secret says none.
    pub secret_id: Option<String>,
    /// The nonce, and the second in which it was signed, of a one-time token: to be accepted once only.
    pub once: Option<(Nonce, u64)>,
}

/// Checks the values of a request's `Edge-Auth` headers, of which there may be one only.
///
/// # Errors
/// [`Refusal::ChainTokenMissing`] without one; [`Refusal::ChainTokenMalformed`] with several (we would have to choose one,
/// and the sender sends one); otherwise as [`verify`].
pub fn admit<'a>(
    mut values: impl Iterator<Item = &'a [u8]>,
    terms: &Terms<'_>,
    secrets: &dyn Secrets,
) -> Result<Verified, Refusal> {
    let value = values.next().ok_or(Refusal::ChainTokenMissing)?;
    match values.next() {
        Some(_) => Err(Refusal::ChainTokenMalformed),
        None => verify(value, terms, secrets),
    }
}

/// Checks a token.
///
/// # Errors
/// In this order: [`Refusal::ChainTokenMalformed`], [`Refusal::ChainModeRefused`], [`Refusal::ChainSecretUnknown`] (also
/// for an empty secret), [`Refusal::ChainSignatureWrong`] or [`Refusal::ChainTargetWrong`], [`Refusal::ChainTokenExpired`].
pub fn verify(value: &[u8], terms: &Terms<'_>, secrets: &dyn Secrets) -> Result<Verified, Refusal> {
    let accepted = |mode| match terms.accept.contains(&mode) {
        true => Ok(()),
        false => Err(Refusal::ChainModeRefused),
    };
    match Token::parse(value).ok_or(Refusal::ChainTokenMalformed)? {
        Token::OneTime(token) => {
            accepted(ChainMode::OneTime)?;
            one_time(&token, terms, secrets)
        }
        Token::Signed(token) => {
            accepted(ChainMode::Signed)?;
            signed(&token, terms, secrets)
        }
        // Where no shared secrets are accepted, what looks like none of ours is no token.
        Token::Shared(_) if !terms.accept.contains(&ChainMode::Shared) => {
            Err(Refusal::ChainTokenMalformed)
        }
        Token::Shared(text) => shared(text, secrets),
    }
}

fn one_time(
    token: &OneTime<'_>,
    terms: &Terms<'_>,
    secrets: &dyn Secrets,
) -> Result<Verified, Refusal> {
    let covered = token.covered(&terms.purpose);
    check(token.secret_id, &covered, &token.mac, secrets)
        .map_err(|refusal| aimed(refusal, token, secrets))?;
    let second = timely(token.seconds, terms)?;
    Ok(Verified {
        mode: ChainMode::OneTime,
        pop: Some(token.pop.to_owned()),
        secret_id: Some(token.secret_id.to_owned()),
        once: Some((token.nonce, second)),
    })
}

/// A signature may be wrong because the token is for something else.
fn aimed(refusal: Refusal, token: &OneTime<'_>, secrets: &dyn Secrets) -> Refusal {
    let secret = secrets.get(token.secret_id).filter(|_| refusal == Refusal::ChainSignatureWrong);
    match secret.and_then(|secret| Key::of(&secret).ok()).is_some_and(|key| token.has_mark(&key)) {
        true => Refusal::ChainTargetWrong,
        false => refusal,
    }
}

fn signed(
    token: &Signed<'_>,
    terms: &Terms<'_>,
    secrets: &dyn Secrets,
) -> Result<Verified, Refusal> {
    check(token.secret_id, &token.covered(), &token.mac, secrets)?;
    timely(token.seconds, terms)?;
    Ok(Verified {
        mode: ChainMode::Signed,
        pop: Some(token.pop.to_owned()),
        secret_id: Some(token.secret_id.to_owned()),
        once: None,
    })
}

/// Any secret of the store may be the one; all are compared, whichever fits.
fn shared(text: &str, secrets: &dyn Secrets) -> Result<Verified, Refusal> {
    let known = secrets.ids().into_iter().filter_map(|id| secrets.get(&id));
    let fits = known
        .filter(|secret| !secret.plaintext().is_empty())
        .fold(Choice::from(0), |fits, secret| fits | secret.plaintext().ct_eq(text.as_bytes()));
    match fits.into() {
        true => Ok(Verified { mode: ChainMode::Shared, pop: None, secret_id: None, once: None }),
        false => Err(Refusal::ChainSignatureWrong),
    }
}

fn check(id: &str, covered: &str, mac: &Mac, secrets: &dyn Secrets) -> Result<(), Refusal> {
    let secret = secrets.get(id).filter(|secret| !secret.plaintext().is_empty());
    let fits = is_signed_with(secret.as_ref().unwrap_or(&NO_SECRET), covered, mac);
    match (secret, fits) {
        (None, _) => Err(Refusal::ChainSecretUnknown),
        (Some(_), false) => Err(Refusal::ChainSignatureWrong),
        (Some(_), true) => Ok(()),
    }
}

fn is_signed_with(secret: &Secret, covered: &str, mac: &Mac) -> bool {
    self::mac(secret, covered).is_ok_and(|expected| expected.ct_eq(mac).into())
}

/// The second in which the token was signed, if that is near enough. A number too large is the end of time.
fn timely(seconds: &str, terms: &Terms<'_>) -> Result<u64, Refusal> {
    let second = seconds.parse().unwrap_or(u64::MAX);
    match terms.now_ms.abs_diff(second.saturating_mul(1000)) < terms.window_ms {
        true => Ok(second),
        false => Err(Refusal::ChainTokenExpired),
    }
}
