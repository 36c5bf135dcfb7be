//! The secrets that a manifest declares, read from their sources.

use selvedge::store::secret::Secret;
use selvedge_model::{
    limits::SECRET_MAX,
    manifest::{Manifest, SecretItem, Source},
    name::StoreName,
};

use super::source::Sources;

#[cfg(test)]
mod tests;

/// A secret that a manifest declares.
#[derive(Debug)]
pub struct DeclaredSecret<'a> {
    /// Its store.
    pub store: &'a StoreName,
    /// Its name.
    pub name: &'a str,
    /// What it is.
    pub plain: Plain,
}

/// What a declared secret is.
#[derive(Debug)]
pub enum Plain {
    /// This text.
    Given(Secret),
    /// So many random bytes, as lower-case hexadecimal text, if it has not been made before.
    Generate {
        /// How many; the text has twice as many characters.
        bytes: usize,
    },
}

/// Reads every secret of the manifest.
///
/// # Errors
/// Every problem of every secret, each naming store, item and what is wrong with its source.
pub fn declared<'a>(
    manifest: &'a Manifest,
    sources: Sources<'_>,
) -> Result<Vec<DeclaredSecret<'a>>, Vec<String>> {
    let mut secrets = Vec::new();
    let mut problems = Vec::new();
    for (store, item) in items(manifest) {
        match read(item, sources) {
            Ok(plain) => secrets.push(DeclaredSecret { store, name: &item.key, plain }),
            Err(what) => problems
                .push(format!("secret store `{store}`, item `{key}`: {what}", key = item.key)),
        }
    }
    if problems.is_empty() { Ok(secrets) } else { Err(problems) }
}

fn items(manifest: &Manifest) -> impl Iterator<Item = (&StoreName, &SecretItem)> {
    let stores = manifest.secret_stores.iter();
    stores.flat_map(|(store, items)| items.iter().map(move |item| (store, item)))
}

fn read(item: &SecretItem, sources: Sources<'_>) -> Result<Plain, String> {
    match &item.source {
        Source::Generate { bytes } if bytes.saturating_mul(2) > SECRET_MAX => {
            Err(format!("the secret would be {} bytes, more than {SECRET_MAX}", bytes * 2))
        }
        Source::Generate { bytes: 0 } => Err("a secret of 0 bytes was asked for".to_owned()),
        Source::Generate { bytes } => Ok(Plain::Generate { bytes: *bytes }),
        source => match sources.read(source, SECRET_MAX)? {
            text if text.is_empty() => Err("the secret is empty".to_owned()),
            text => Ok(Plain::Given(Secret::new(text))),
        },
    }
}
