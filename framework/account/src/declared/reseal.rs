//! Secrets that are sealed with another key: they stay what they are, and so does what the manifest said of them.

use std::sync::Arc;

use selvedge_model::id::StoreId;

use crate::record::{Said, SealedSecret, Secrets};
use crate::{Account, GENERATED};

/// A secret under its new key.
pub struct Resealed {
    /// Its sealed bytes.
    pub sealed: Vec<u8>,
    /// What the management API shows of it.
    pub digest: String,
    /// What the manifest would have to say to mean the same.
    pub said: String,
}

impl Account {
    /// Seals every secret anew, by its place (the store's id, and the name) and what it is now, and says how many there were.
    ///
    /// What the manifest said of a secret that was written over since cannot be worked out anew; what it says next counts
    /// as the same.
    ///
    /// # Errors
    /// The first one of `reseal`; nothing has changed then.
    pub fn reseal<E>(
        &mut self,
        mut reseal: impl FnMut((&StoreId, &str), &SealedSecret) -> Result<Resealed, E>,
    ) -> Result<usize, E> {
        let mut next = self.clone();
        let mut count = 0;
        for (store, secrets) in &self.secrets {
            let mut sealed = Secrets::new();
            for (name, old) in &**secrets {
                let new = reseal((store, name), old)?;
                next.say_again((store, name), old, &new);
                let SealedSecret { created_ms, .. } = **old;
                let Resealed { sealed: bytes, digest, .. } = new;
                let secret = SealedSecret { sealed: bytes, digest, created_ms };
                sealed.insert(name.clone(), Arc::new(secret));
                count += 1;
            }
            next.secrets.insert(store.clone(), Arc::new(sealed));
        }
        next.forget_what_was_said(self);
        *self = next;
        Ok(count)
    }

    /// What the manifest said of a secret that is still as it said.
    fn say_again(&mut self, (store, name): (&StoreId, &str), old: &SealedSecret, new: &Resealed) {
        let place = (store.clone(), name.to_owned());
        let Some(before) = self.declared.get(&place) else { return };
        if before.digest.as_ref() == Some(&old.digest) {
            let said = match before.said.as_deref() {
                Some(GENERATED) => GENERATED.to_owned(),
                _ => new.said.clone(),
            };
            let said = Said { said: Some(said), digest: Some(new.digest.clone()) };
            self.declared.insert(place, Arc::new(said));
        }
    }

    /// What it said of those that are not, or that are gone. A text that was made with the old key means nothing now.
    fn forget_what_was_said(&mut self, before: &Self) {
        let places = self.declared.iter().filter(|(place, said)| {
            let is_old = before.declared.get(place).is_some_and(|old| Arc::ptr_eq(old, said));
            is_old && said.digest.is_some() && said.said.as_deref() != Some(GENERATED)
        });
        let places: Vec<_> =
            places.map(|(place, said)| (place.clone(), Arc::clone(said))).collect();
        for (place, said) in places {
            let said = Said { said: None, ..(*said).clone() };
            self.declared.insert(place, Arc::new(said));
        }
    }
}
