//! What a secret comes in: `{"name", "secret", "client_key"?}`, the secret in base64, sealed to the client key if there is
//! one.
//!
//! No refusal repeats anything of the body but a field's name: it may be the secret.

use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use selvedge::store::secret::Secret;
use selvedge_model::{limits::SECRET_MAX, name::SecretName};
use serde::Deserialize;
use zeroize::{Zeroize, Zeroizing};

use crate::admin::{
    Api,
    secret::keys::Unsealed,
    wire::{Failed, body},
};

/// More than the largest secret in base64, sealed, with the longest name.
const MAX: usize = 128 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Put {
    name: String,
    secret: String,
    client_key: Option<String>,
}

/// The secret's name and what it says.
pub(super) async fn read(api: &Api, body: Body) -> Result<(String, Secret), Failed> {
    let body = body::read(body, MAX).await?;
    let parsed = parse(&body);
    wipe(body);
    let Put { name, secret, client_key } = parsed?;
    let secret = Zeroizing::new(secret);
    SecretName::new(name.as_str()).map_err(|error| Failed::bad_request(error.to_string()))?;
    let secret = Secret::new(base64("secret", &secret)?);
    let plain = match client_key {
        Some(key) => unsealed(api, &key, &secret)?,
        None => secret,
    };
    match plain.plaintext().len() {
        0 => Err(Failed::bad_request("the secret is empty")),
        1..=SECRET_MAX => Ok((name, plain)),
        length => Err(Failed::bad_request(format!(
            "a secret has at most {SECRET_MAX} bytes, this one has {length}"
        ))),
    }
}

/// What of a body is in memory that nobody else holds.
fn wipe(body: Bytes) {
    if let Ok(mut own) = body.try_into_mut() {
        own.as_mut().zeroize();
    }
}

fn parse(body: &[u8]) -> Result<Put, Failed> {
    body::check_object(body)?;
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Failed::bad_request(format!(
            "the body is not as expected at line {line}, column {column}: it is JSON with the texts `name` and `secret` \
             (base64), and perhaps `client_key`"
        ))
    })
}

fn unsealed(api: &Api, key: &str, sealed: &Secret) -> Result<Secret, Failed> {
    let key = base64("client_key", key)?;
    match api.keys.unseal(&key, sealed, api.now_ms()) {
        Unsealed::Plain(secret) => Ok(secret),
        Unsealed::UnknownKey => Err(Failed::bad_request(
            "`client_key` is none that this node gave in the last ten minutes",
        )),
        Unsealed::DoesNotFit => {
            Err(Failed::bad_request("the secret is not sealed to this `client_key`"))
        }
    }
}

fn base64(field: &str, text: &str) -> Result<Vec<u8>, Failed> {
    let wrong = |_| Failed::bad_request(format!("`{field}` is not base64"));
    STANDARD.decode(text).map_err(wrong)
}
