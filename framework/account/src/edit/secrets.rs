//! Secrets of secret stores come sealed, are replaced and deleted, and are never looked into here.

use std::sync::Arc;

use selvedge_model::name::{SecretName, StoreKind};

use crate::record::{SealedSecret, Secrets};
use crate::refused::Subject;
use crate::{Account, Fresh, Refused};

/// Whether a secret must or must not exist before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretMode {
    /// It must not.
    Create,
    /// It may.
    CreateOrRecreate,
    /// It must.
    Recreate,
}

impl Account {
    /// Writes a secret; says whether there was one of this name. Its time is that of the write.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::Name`]; [`Refused::Duplicate`].
    pub fn put_secret(
        &mut self,
        store: &str,
        name: &str,
        mode: SecretMode,
        (sealed, digest): (Vec<u8>, String),
        fresh: &mut dyn Fresh,
    ) -> Result<bool, Refused> {
        let store = self.store(StoreKind::Secret, store)?.id.clone();
        SecretName::new(name)?;
        let mut secrets = self.own_secrets(store.as_str());
        let existed = secrets.contains_key(name);
        match (mode, existed) {
            (SecretMode::Create, true) => {
                let name = name.to_owned();
                return Err(Refused::Duplicate { subject: Subject::Secret, name });
            }
            (SecretMode::Recreate, false) => return Err(Refused::not_found(Subject::Secret, name)),
            _ => {}
        }
        let secret = SealedSecret { sealed, digest, created_ms: fresh.now_ms() };
        secrets.insert(name.to_owned(), Arc::new(secret));
        self.secrets.insert(store, Arc::new(secrets));
        Ok(existed)
    }

    /// Deletes a secret.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub fn delete_secret(&mut self, store: &str, name: &str) -> Result<(), Refused> {
        let store = self.store(StoreKind::Secret, store)?.id.clone();
        let mut secrets = self.own_secrets(store.as_str());
        if secrets.remove(name).is_none() {
            return Err(Refused::not_found(Subject::Secret, name));
        }
        self.secrets.insert(store, Arc::new(secrets));
        Ok(())
    }

    fn own_secrets(&self, store: &str) -> Secrets {
        self.secrets.get(store).map(|secrets| (**secrets).clone()).unwrap_or_default()
    }
}
