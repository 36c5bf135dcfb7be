//! Secrets at rest: sealed with XChaCha20-Poly1305, bound to the store and the name that they belong to.
//!
//! All keys are derived from the node's one secret key, so that no key is used for two things. What is stored of a
//! secret is its nonce, the sealed text, and a digest that the management API shows. Nothing here is ever printed.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use selvedge::store::secret::Secret;
use sha2::Sha256;

use super::{Random, SecretKey};

/// The bytes of an extended nonce, which stand before the sealed text.
const NONCE: usize = 24;

/// Seals and opens secrets.
pub(super) struct Sealer {
    cipher: XChaCha20Poly1305,
    nonces: Secret,
    digests: Secret,
    saids: Secret,
    random: Arc<dyn Random>,
}

/// Where a secret belongs: the id of its store, and its name.
pub(super) type Place<'a> = (&'a str, &'a str);

impl Sealer {
    pub(super) fn new(key: &SecretKey, random: Arc<dyn Random>) -> Self {
        let derived = |what: &str| Secret::new(mac(key.bytes(), &[what.as_bytes()]).to_vec());
        let mut cipher = Key::default();
        copy(derived("selvedge seal").plaintext(), &mut cipher);
        Self {
            cipher: XChaCha20Poly1305::new(&cipher),
            nonces: derived("selvedge nonce"),
            digests: derived("selvedge digest"),
            saids: derived("selvedge said"),
            random,
        }
    }

    /// The sealed bytes, and the digest: another one in each place and each time.
    pub(super) fn seal(&self, place: Place<'_>, plain: &Secret) -> (Vec<u8>, String) {
        let nonce = self.nonce(place, plain);
        let about = about(place);
        let payload = Payload { msg: plain.plaintext(), aad: &about };
        // It fails for 256 GiB and more; secrets have their limit.
        let text = self.cipher.encrypt(&nonce, payload).unwrap_or_default();
        let digest = mac(self.digests.plaintext(), &[&nonce, &about, plain.plaintext()]);
        ([nonce.as_slice(), &text].concat(), BASE64_STANDARD.encode(digest))
    }

    /// The secret; `None` where it was sealed with another key or for another place, or is damaged.
    pub(super) fn open(&self, place: Place<'_>, sealed: &[u8]) -> Option<Secret> {
        let (nonce, text) = sealed.split_at_checked(NONCE)?;
        let mut extended = XNonce::default();
        copy(nonce, &mut extended);
        let payload = Payload { msg: text, aad: &about(place) };
        self.cipher.decrypt(&extended, payload).ok().map(Secret::new)
    }

    /// A text that is the same for the same secret in the same place, and tells nothing else of it.
    pub(super) fn said(&self, place: Place<'_>, plain: &Secret) -> String {
        BASE64_STANDARD.encode(mac(self.saids.plaintext(), &[&about(place), plain.plaintext()]))
    }

    /// Made of random bits and of what is sealed, so that even a broken source of randomness repeats it only for the
    /// same text in the same place, where that tells nothing.
    fn nonce(&self, place: Place<'_>, plain: &Secret) -> XNonce {
        let mut random = [0; 32];
        // Without random bits the rest still makes it unique.
        let _ = self.random.fill(&mut random);
        let mixed = mac(self.nonces.plaintext(), &[&random, &about(place), plain.plaintext()]);
        let mut nonce = XNonce::default();
        copy(&mixed, &mut nonce);
        nonce
    }
}

/// The place as bytes. A store's id is of one length, so no two places are the same bytes.
fn about((store, name): Place<'_>) -> Vec<u8> {
    format!("{store}/{name}").into_bytes()
}

/// Each part with its length in front.
fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mac) => mac,
        Err(never) => unreachable!("HMAC takes keys of every length: {never}"),
    };
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn copy(from: &[u8], to: &mut [u8]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}

#[cfg(test)]
mod tests;
