//! Making a chain token, and finding the secret to make it with.

use hmac::{Hmac, Mac as _};
use http::HeaderValue;
use sha2::Sha256;

use super::one_time::{Nonce, OneTime, Purpose};
use super::signed::Signed;
use super::token::{Mac, TOKEN_MAX, Token, is_digits, is_place};
use crate::{Error, Refusal, Result, store::secret::Secret};

/// The config item that names the secret to sign with. Changing it rotates the secret; receivers
/// accept every secret that their store still has.
pub const SECRET_ID_KEY: &str = "edge_auth_secret_id";

/// Who signs, with what, and when.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// The name of the secret: digits.
    pub secret_id: &'a str,
    /// The secret.
    pub secret: &'a Secret,
    /// The POP that signs.
    pub pop: &'a str,
    /// The time, in milliseconds since the Unix epoch.
    pub now_ms: u64,
}

impl Signer<'_> {
    /// Makes the value of `Edge-Auth` in mode `signed`, for one attempt.
    ///
    /// # Errors
    /// [`Refusal::ChainSecretMissing`] where the id is not all digits or the secret is empty;
    /// [`Refusal::RequestInvalid`] where the POP's name cannot ride in a token.
    pub fn signed(&self) -> Result<HeaderValue> {
        check_secret(self.secret_id, self.secret.plaintext())?;
        let seconds = self.seconds();
        let mut token =
            Signed { secret_id: self.secret_id, seconds: &seconds, pop: self.pop, mac: [0; 32] };
        token.mac = mac(self.secret, &token.covered())?;
        self.fitting(token.text())
    }

    /// Makes the value of `Edge-Auth` in mode `one-time`, for one attempt, with a nonce of these random bytes. The first four
    /// of them become a mark, by which a verifier can say whether the token is for another target or its signature is wrong.
    ///
    /// # Errors
    /// As [`signed`](Self::signed).
    pub fn one_time(&self, random: Nonce, purpose: &Purpose<'_>) -> Result<HeaderValue> {
        self.with_nonce(random, purpose, |token, key| token.marked(key))
    }

    /// The same with this very nonce, as another program makes it.
    ///
    /// # Errors
    /// As [`signed`](Self::signed).
    pub fn unmarked(&self, nonce: Nonce, purpose: &Purpose<'_>) -> Result<HeaderValue> {
        self.with_nonce(nonce, purpose, |token, _| token.nonce)
    }

    fn with_nonce(
        &self,
        nonce: Nonce,
        purpose: &Purpose<'_>,
        settle: impl Fn(&OneTime<'_>, &Key) -> Nonce,
    ) -> Result<HeaderValue> {
        check_secret(self.secret_id, self.secret.plaintext())?;
        let (seconds, mac) = (self.seconds(), [0; 32]);
        let (secret_id, pop) = (self.secret_id, self.pop);
        let mut token = OneTime { secret_id, seconds: &seconds, pop, nonce, mac };
        let key = Key::of(self.secret)?;
        token.nonce = settle(&token, &key);
        token.mac = key.mac(&[token.covered(purpose).as_bytes()]);
        self.fitting(token.text())
    }

    /// Makes the value of `Edge-Auth` in mode `shared`: the secret itself.
    ///
    /// # Errors
    /// [`Refusal::ChainSecretMissing`] where the secret is empty or cannot be sent in a header.
    pub fn shared(&self) -> Result<HeaderValue> {
        check_secret(self.secret_id, self.secret.plaintext())?;
        let plaintext = self.secret.plaintext();
        let unfit = || missing(format!("the secret named `{}` is no shared one", self.secret_id));
        let text = std::str::from_utf8(plaintext).map_err(|_| unfit())?;
        match Token::parse(plaintext) {
            Some(Token::Shared(_)) => self.value(text.to_owned()),
            _ => Err(unfit()),
        }
    }

    fn seconds(&self) -> String {
        (self.now_ms / 1000).to_string()
    }

    /// What we sign, we must also accept: a comma in the POP's name or an id too long would not parse.
    fn fitting(&self, text: String) -> Result<HeaderValue> {
        let fits = is_place(self.pop) && !self.pop.contains(',') && text.len() <= TOKEN_MAX;
        match fits {
            true => self.value(text),
            false => Err(unfit(self.pop)),
        }
    }

    fn value(&self, text: String) -> Result<HeaderValue> {
        let mut value = HeaderValue::try_from(text).map_err(|_| unfit(self.pop))?;
        value.set_sensitive(true);
        Ok(value)
    }
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
pub(super) fn mac(secret: &Secret, text: &str) -> Result<Mac> {
    Ok(Key::of(secret)?.mac(&[text.as_bytes()]))
}

/// A secret that several texts are signed with.
pub(super) struct Key(Hmac<Sha256>);

impl Key {
    pub(super) fn of(secret: &Secret) -> Result<Self> {
        secret.signature().map(Self).ok_or_else(|| missing("the secret cannot sign".to_owned()))
    }

    /// The signature of these parts as one text.
    pub(super) fn mac(&self, parts: &[&[u8]]) -> Mac {
        let mut mac = self.0.clone();
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }
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
