//! The node's secret key, with which secrets are sealed: from the environment, or a file that is made on first use.

use std::fmt;

use selvedge::store::secret::Secret;
use zeroize::Zeroizing;

use super::OpenError;
use crate::stores::{hex, state_dir::StateDir};

/// The environment variable that holds the key.
pub const KEY_VARIABLE: &str = "SELVEDGE_SECRET_KEY";

/// The bytes of a key.
const KEY_BYTES: usize = 32;

/// A secret key. It does not print.
#[derive(Clone)]
pub struct SecretKey(Secret);

/// Whether a key may be made where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// Nothing is sealed yet.
    Make,
    /// Something is sealed with a key that must be found.
    Refuse,
    /// Nothing is sealed yet, and nothing may be written.
    ThrowAway,
}

impl SecretKey {
    /// The key that this text is: 64 hexadecimal characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let lower = Secret::new(text.trim_ascii_end().to_ascii_lowercase().into_bytes());
        let bytes = hex::decode(str::from_utf8(lower.plaintext()).ok()?)?;
        (bytes.len() == KEY_BYTES).then(|| Self(Secret::new(bytes)))
    }

    /// A key for what dies with the process.
    #[must_use]
    pub fn throw_away() -> Self {
        Self(Secret::new(vec![0; KEY_BYTES]))
    }

    /// The environment's key, else that of the state directory.
    pub(super) fn find(
        state: &StateDir,
        env: &dyn Fn(&str) -> Option<String>,
        missing: Missing,
    ) -> Result<Self, OpenError> {
        if let Some(text) = env(KEY_VARIABLE).map(Zeroizing::new) {
            return Self::parse(&text).ok_or(OpenError::KeyMalformed(format!("`{KEY_VARIABLE}`")));
        }
        let path = state.secret_key_path();
        match missing {
            Missing::Refuse if !path.exists() => return Err(OpenError::KeyMissing(path)),
            Missing::ThrowAway if !path.exists() => return Ok(Self::throw_away()),
            Missing::Make | Missing::Refuse | Missing::ThrowAway => {}
        }
        let text = state.secret_key().map_err(OpenError::KeyUnreadable)?;
        let key = str::from_utf8(text.plaintext()).ok().and_then(Self::parse);
        key.ok_or_else(|| OpenError::KeyMalformed(format!("file `{}`", path.display())))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.plaintext()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(hidden)")
    }
}
