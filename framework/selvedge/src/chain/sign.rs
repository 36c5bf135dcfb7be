//! Making a chain token, and finding the secret to make it with.

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderValue;
use sha2::Sha256;

use super::token::{TOKEN_MAX, Token, is_digits};
use crate::{Error, Refusal, Result, store::secret::Secret};

/// The config item that names the secret to sign with. Changing it rotates the secret; receivers
/// accept every secret that their store still has.
pub const SECRET_ID_KEY: &str = "edge_auth_secret_id";

/// Makes the value of `Edge-Auth` for one attempt.
///
/// # Errors
/// [`Refusal::ChainSecretMissing`] where the id is not all digits or the secret is empty;
/// [`Refusal::RequestInvalid`] where the POP's name cannot ride in a token.
pub fn sign(secret_id: &str, secret: &[u8], pop: &str, now_ms: u64) -> Result<HeaderValue> {
    check_secret(secret_id, secret)?;
    let seconds = (now_ms / 1000).to_string();
    let mut token = Token { secret_id, seconds: &seconds, pop, mac: [0; 32] };
    token.mac = mac(secret, &token.signed())?;
    let text = token.to_string();
    // What we sign, we must also accept: a comma in the name or an id too long would not parse.
    if text.len() > TOKEN_MAX || Token::parse(text.as_bytes()) != Some(token) {
        return Err(unfit(pop));
    }
    let mut value = HeaderValue::try_from(text).map_err(|error| unfit(pop).because(error))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Finds the id and the secret that a service signs with now.
///
/// # Errors
/// [`Refusal::ChainSecretMissing`] naming the item that lacks or is not usable; whatever the two
/// functions return.
pub fn current_secret(
    config_get: impl Fn(&str) -> Result<Option<String>>,
    secret_get: impl Fn(&str) -> Result<Option<Secret>>,
) -> Result<(String, Secret)> {
    let id = config_get(SECRET_ID_KEY)?
        .ok_or_else(|| missing(format!("the config store has no item `{SECRET_ID_KEY}`")))?;
    let secret = secret_get(&id)?
        .ok_or_else(|| missing(format!("the secret store has no secret named `{id}`")))?;
    check_secret(&id, secret.plaintext())?;
    Ok((id, secret))
}

/// The signature of a text.
pub(super) fn mac(secret: &[u8], text: &str) -> Result<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret)
        .map_err(|error| missing("the secret cannot sign".to_owned()).because(error))?;
    mac.update(text.as_bytes());
    Ok(mac.finalize().into_bytes().into())
}

fn check_secret(id: &str, secret: &[u8]) -> Result<()> {
    if !is_digits(id) {
        return Err(missing(format!("`{SECRET_ID_KEY}` is `{id}`; a secret id is all digits")));
    }
    if secret.is_empty() {
        return Err(missing(format!("the secret named `{id}` is empty")));
    }
    Ok(())
}

fn missing(detail: String) -> Error {
    Error::new(Refusal::ChainSecretMissing, detail)
}

fn unfit(pop: &str) -> Error {
    Error::new(Refusal::RequestInvalid, format!("a chain token from POP `{pop}` cannot be written"))
}
