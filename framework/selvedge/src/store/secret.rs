//! Secrets: values that do not print and are wiped when dropped.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use hmac::{Hmac, KeyInit as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{Ctx, Host, Result};

/// A secret value. Neither `Debug` nor `Display` shows it; it is wiped when its last copy goes.
#[derive(Clone)]
pub struct Secret(Arc<Kept>);

struct Kept {
    plaintext: Zeroizing<Vec<u8>>,
    /// The same as a key, for those that sign with it: made ready once. It wipes itself.
    key: OnceLock<Option<Hmac<Sha256>>>,
}

impl Secret {
    /// Wraps bytes; the caller's own copy, if any, is the caller's to wipe.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Kept { plaintext: Zeroizing::new(bytes), key: OnceLock::new() }))
    }

    /// The bytes.
    #[must_use]
    pub fn plaintext(&self) -> &[u8] {
        &self.0.plaintext
    }

    /// A signature that is about to be made with it; none where it cannot sign.
    pub(crate) fn signature(&self) -> Option<Hmac<Sha256>> {
        let key = || Hmac::new_from_slice(self.plaintext()).ok();
        self.0.key.get_or_init(key).clone()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// A linked secret store: what a `#[secret_store("link")]` unit struct derefs to.
#[derive(Clone)]
pub struct SecretStore {
    host: Arc<dyn Host>,
    link: &'static str,
}

impl SecretStore {
    pub(crate) fn open(ctx: &Ctx, link: &'static str) -> Self {
        Self { host: ctx.host().clone(), link }
    }

    /// Reads a secret as it is now; `None` where there is none.
    ///
    /// # Errors
    /// [`Refusal::LinkUnknown`](crate::Refusal::LinkUnknown) where the service version has no such
    /// link.
    pub fn get(&self, key: &str) -> Result<Option<Secret>> {
        self.host.secret_get(self.link, key)
    }

    /// The name of the link.
    #[must_use]
    pub fn link(&self) -> &'static str {
        self.link
    }
}

impl fmt::Debug for SecretStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretStore").field("link", &self.link).finish_non_exhaustive()
    }
}
