//! Secret stores, loaded once when the node starts.

use std::{collections::BTreeMap, io, path::Path};

use selvedge::store::secret::Secret;
use selvedge_model::{
    limits::SECRET_MAX,
    manifest::{Manifest, SecretItem, Source},
    name::StoreName,
};

use super::source::Sources;

#[cfg(test)]
mod tests;

/// Makes, or finds again, the generated secret of a store's item: so many random bytes.
pub type Generate<'a> = dyn Fn(&StoreName, &str, usize) -> io::Result<Secret> + 'a;

/// The contents of every secret store of an account. `Debug` does not show values.
#[derive(Clone, Debug, Default)]
pub struct SecretStores {
    stores: BTreeMap<StoreName, BTreeMap<String, Secret>>,
}

impl SecretStores {
    /// Reads every secret of the manifest.
    ///
    /// # Errors
    /// Every problem of every item, each naming store, item and what is wrong with its source.
    pub fn load(
        manifest: &Manifest,
        base_dir: &Path,
        env: &dyn Fn(&str) -> Option<String>,
        generate: &Generate<'_>,
    ) -> Result<Self, Vec<String>> {
        let sources = Sources { base_dir, env };
        let mut stores = BTreeMap::<_, BTreeMap<_, _>>::new();
        let mut problems = Vec::new();
        for (store, item) in items(manifest) {
            match load_item(store, item, sources, generate) {
                Ok(secret) => {
                    stores.entry(store.clone()).or_default().insert(item.key.clone(), secret);
                }
                Err(what) => problems
                    .push(format!("secret store `{store}`, item `{key}`: {what}", key = item.key)),
            }
        }
        if problems.is_empty() { Ok(Self { stores }) } else { Err(problems) }
    }

    /// A secret; `None` where the store, or the item in it, does not exist.
    #[must_use]
    pub fn get(&self, store: &StoreName, key: &str) -> Option<Secret> {
        self.stores.get(store)?.get(key).cloned()
    }
}

fn items(manifest: &Manifest) -> impl Iterator<Item = (&StoreName, &SecretItem)> {
    let stores = manifest.secret_stores.iter();
    stores.flat_map(|(store, items)| items.iter().map(move |item| (store, item)))
}

fn load_item(
    store: &StoreName,
    item: &SecretItem,
    sources: Sources<'_>,
    generate: &Generate<'_>,
) -> Result<Secret, String> {
    let secret = match &item.source {
        Source::Generate { bytes } => generate(store, &item.key, *bytes)
            .map_err(|cause| format!("it cannot be generated: {cause}"))?,
        source => Secret::new(sources.read(source, SECRET_MAX)?),
    };
    match secret.plaintext().len() {
        0 => Err("the secret is empty".to_owned()),
        1..=SECRET_MAX => Ok(secret),
        bytes => Err(format!("the secret is {bytes} bytes, more than {SECRET_MAX}")),
    }
}
