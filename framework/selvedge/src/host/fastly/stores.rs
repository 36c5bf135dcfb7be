//! Config and secret stores of the platform, opened by the name of their link.

use ::fastly::{
    ConfigStore, SecretStore,
    config_store::{LookupError, OpenError},
    secret_store,
};

use crate::{Error, Refusal, Result, store::secret::Secret};

/// Reads a config item. A key that cannot be one names none.
pub(super) fn config(link: &str, key: &str) -> Result<Option<String>> {
    let name = || format!("config store `{link}`");
    let store = ConfigStore::try_open(link)
        .map_err(|cause: OpenError| Error::new(Refusal::LinkUnknown, name()).because(cause))?;
    store.try_get(key).or_else(|cause| match cause {
        LookupError::KeyInvalid | LookupError::KeyTooLong => Ok(None),
        LookupError::TooManyLookups => {
            Err(Error::new(Refusal::TooManyRequests, name()).because(cause))
        }
        _ => Err(Error::new(Refusal::StoreFailed, name()).because(cause)),
    })
}

/// Reads a secret. A name that cannot be one names none.
pub(super) fn secret(link: &str, key: &str) -> Result<Option<Secret>> {
    secret_of(&open_secrets(link)?, link, key)
}

/// Opens a secret store.
pub(super) fn open_secrets(link: &str) -> Result<SecretStore> {
    SecretStore::open(link).map_err(|cause| {
        let refusal = match &cause {
            secret_store::OpenError::Unexpected(_) => Refusal::StoreFailed,
            _ => Refusal::LinkUnknown,
        };
        Error::new(refusal, format!("secret store `{link}`")).because(cause)
    })
}

/// Reads a secret of an open store.
pub(super) fn secret_of(store: &SecretStore, link: &str, key: &str) -> Result<Option<Secret>> {
    let failed = || Error::new(Refusal::StoreFailed, format!("secret store `{link}`"));
    let found = match store.try_get(key) {
        Ok(found) => found,
        Err(secret_store::LookupError::InvalidSecretName(_)) => None,
        Err(cause) => return Err(failed().because(cause)),
    };
    let Some(found) = found else { return Ok(None) };
    let plaintext = found.try_plaintext().map_err(|cause| failed().because(cause))?;
    Ok(Some(Secret::new(plaintext.to_vec())))
}
