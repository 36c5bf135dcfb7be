//! Keys to which a client seals a secret, so that nothing between it and the node can read it (platform.md section 3.2).
//!
//! A client key is X25519, and a sealed box of libsodium fits it. It is signed with the node's ed25519 key, which lives as
//! long as the process: a client asks for it when it asks for a client key. All who ask in one second get the same one, so
//! that no number of calls fills the memory.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use axum::extract::State;
use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_box::SecretKey;
use ring::signature::{Ed25519KeyPair, KeyPair};
use selvedge::store::secret::Secret;
use selvedge_model::limits::CLIENT_KEY_SECONDS;
use serde::Serialize;

use crate::admin::{
    Api,
    wire::{Failed, Reply, failed::Kind, ok, time},
};

/// The keys of a node.
#[derive(Default)]
pub(in crate::admin) struct ClientKeys(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    signing: Option<Ed25519KeyPair>,
    /// With the second in which each was made, oldest first.
    given: VecDeque<(u64, SecretKey)>,
}

/// What came out of a sealed secret.
pub(in crate::admin) enum Unsealed {
    /// What it says.
    Plain(Secret),
    /// The key was never given, or too long ago.
    UnknownKey,
    /// It was not sealed to this key.
    DoesNotFit,
}

#[derive(Serialize)]
struct SigningKey {
    signing_key: String,
}

#[derive(Serialize)]
struct ClientKey {
    public_key: String,
    signature: String,
    expires_at: String,
}

/// The public key that says whether a client key is the node's.
pub(super) async fn signing_key(State(api): State<Api>) -> Reply {
    let signing_key = api.keys.with_signing(|key, _| STANDARD.encode(key.public_key()))?;
    ok(SigningKey { signing_key })
}

/// A key to seal a secret to.
pub(super) async fn client_key(State(api): State<Api>) -> Reply {
    let second = api.now_ms() / 1000;
    ok(api.keys.with_signing(|signing, given| give(signing, given, second))??)
}

fn give(
    signing: &Ed25519KeyPair,
    given: &mut VecDeque<(u64, SecretKey)>,
    second: u64,
) -> Result<ClientKey, Failed> {
    forget(given, second);
    if given.back().is_none_or(|(made, _)| *made != second) {
        given.push_back((second, SecretKey::from_bytes(random()?)));
    }
    let Some((_, key)) = given.back() else { return Err(no_randomness()) };
    let public = *key.public_key().as_bytes();
    Ok(ClientKey {
        public_key: STANDARD.encode(public),
        signature: STANDARD.encode(signing.sign(&public)),
        expires_at: time::seconds((second + CLIENT_KEY_SECONDS) * 1000),
    })
}

/// Drops the keys that are no longer valid.
fn forget(given: &mut VecDeque<(u64, SecretKey)>, second: u64) {
    given.retain(|(made, _)| second < made + CLIENT_KEY_SECONDS);
}

impl ClientKeys {
    /// What a secret says that was sealed to the key with this public half.
    pub(in crate::admin) fn unseal(&self, public: &[u8], sealed: &Secret, now_ms: u64) -> Unsealed {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut kept.given, now_ms / 1000);
        let mut keys = kept.given.iter().map(|(_, key)| key);
        let Some(key) = keys.find(|key| key.public_key().as_bytes() == public) else {
            return Unsealed::UnknownKey;
        };
        match key.unseal(sealed.plaintext()) {
            Ok(plain) => Unsealed::Plain(Secret::new(plain)),
            Err(_) => Unsealed::DoesNotFit,
        }
    }

    /// The signing key is made when it is first needed.
    fn with_signing<T>(
        &self,
        work: impl FnOnce(&Ed25519KeyPair, &mut VecDeque<(u64, SecretKey)>) -> T,
    ) -> Result<T, Failed> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Kept { signing, given } = &mut *kept;
        let key = match signing {
            Some(key) => key,
            None => signing.insert(new_signing()?),
        };
        Ok(work(key, given))
    }
}

fn new_signing() -> Result<Ed25519KeyPair, Failed> {
    Ed25519KeyPair::from_seed_unchecked(&random()?).map_err(|_| no_randomness())
}

fn random() -> Result<[u8; 32], Failed> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| no_randomness())?;
    Ok(bytes)
}

fn no_randomness() -> Failed {
    Failed::new(Kind::Broken, "the system gives no random bits")
}
