//! What a manifest says of config items and secrets. A value is written when the manifest begins to say it, not at every
//! start: what a person wrote since stays until the manifest says something new.

use std::collections::BTreeSet;
use std::sync::Arc;

use selvedge_model::id::StoreId;
use selvedge_model::name::StoreKind;

use crate::edit::{ConfigChange, ConfigOp, SecretMode};
use crate::record::{ConfigItem, Said};
use crate::{Account, Fresh, Refused};

impl Account {
    /// Takes over a config item from the manifest; says whether it was new there.
    ///
    /// # Errors
    /// As [`change_config`](Self::change_config).
    pub fn declare_config(
        &mut self,
        store: &StoreId,
        (key, value): (&str, &str),
        fresh: &mut dyn Fresh,
    ) -> Result<bool, Refused> {
        if !self.is_news(store, key, value) {
            return Ok(false);
        }
        let op = ConfigOp::Upsert(value.to_owned());
        self.change_config(store.as_str(), &[ConfigChange { key: key.to_owned(), op }], fresh)?;
        self.note_declared(store, key, value, None);
        Ok(true)
    }

    /// Whether the manifest says something new of an item. Of a secret it says a text that tells nothing of the
    /// plaintext but whether it is the same.
    #[must_use]
    pub fn is_news(&self, store: &StoreId, key: &str, said: &str) -> bool {
        let place = (store.clone(), key.to_owned());
        let before = self.declared.get(&place);
        before.is_none_or(|before| before.said.as_deref().is_some_and(|before| before != said))
    }

    /// Notes what the manifest says of a secret where it is not known what it said before.
    pub fn note_said(&mut self, store: &StoreId, name: &str, said: &str) {
        let place = (store.clone(), name.to_owned());
        if let Some(before) = self.declared.get(&place).filter(|before| before.said.is_none()) {
            let digest = before.digest.clone();
            self.note_declared(store, name, said, digest);
        }
    }

    /// Takes over a secret from the manifest.
    ///
    /// # Errors
    /// As [`put_secret`](Self::put_secret).
    pub fn declare_secret(
        &mut self,
        store: &StoreId,
        (name, said): (&str, &str),
        (sealed, digest): (Vec<u8>, String),
        fresh: &mut dyn Fresh,
    ) -> Result<(), Refused> {
        let shown = Some(digest.clone());
        self.put_secret(
            store.as_str(),
            name,
            SecretMode::CreateOrRecreate,
            (sealed, digest),
            fresh,
        )?;
        self.note_declared(store, name, said, shown);
        Ok(())
    }

    /// Ends what the manifest said once and says no more, and gives what that was; what a person has written there
    /// since stays.
    ///
    /// # Errors
    /// As [`change_config`](Self::change_config).
    pub fn end_undeclared_contents(
        &mut self,
        declared: &BTreeSet<(StoreId, String)>,
        fresh: &mut dyn Fresh,
    ) -> Result<Vec<(StoreId, String)>, Refused> {
        let mut ended = Vec::new();
        let gone = self.declared.iter().filter(|(place, _)| !declared.contains(*place));
        for ((store, key), said) in
            gone.map(|(a, b)| (a.clone(), Arc::clone(b))).collect::<Vec<_>>()
        {
            let place = (store, key);
            let is_there = self.has_item(&place);
            self.end_item(&place.0, &place.1, &said, fresh)?;
            self.declared.remove(&place);
            if is_there && !self.has_item(&place) {
                ended.push(place);
            }
        }
        Ok(ended)
    }

    /// Whether there is a config item, or a secret.
    #[must_use]
    pub fn has_item(&self, (store, key): &(StoreId, String)) -> bool {
        self.config_item(store.as_str(), key).is_some()
            || self.secret(store.as_str(), key).is_some()
    }

    /// Drops every secret, and what the manifest said of them, so that all it says of them is new.
    pub fn forget_secrets(&mut self) {
        self.secrets.clear();
        let stores = &self.stores;
        let is_secret =
            |id: &StoreId| stores.get(id).is_some_and(|it| it.kind == StoreKind::Secret);
        self.declared.retain(|(store, _), _| !is_secret(store));
    }

    fn end_item(
        &mut self,
        store: &StoreId,
        key: &str,
        said: &Said,
        fresh: &mut dyn Fresh,
    ) -> Result<(), Refused> {
        let is_same = |item: &ConfigItem| Some(&item.value) == said.said.as_ref();
        if self.config_item(store.as_str(), key).is_some_and(is_same) {
            let change = ConfigChange { key: key.to_owned(), op: ConfigOp::Delete };
            self.change_config(store.as_str(), &[change], fresh)?;
        }
        let secret = self.secret(store.as_str(), key).map(|secret| secret.digest.as_str());
        if secret.is_some() && secret == said.digest.as_deref() {
            self.delete_secret(store.as_str(), key)?;
        }
        Ok(())
    }

    fn note_declared(&mut self, store: &StoreId, key: &str, said: &str, digest: Option<String>) {
        let said = Said { said: Some(said.to_owned()), digest };
        self.declared.insert((store.clone(), key.to_owned()), Arc::new(said));
    }
}
