//! A node starts: its manifest is applied to the account, and the first world is made of what is active then.

use std::sync::Arc;

use selvedge_account::{Apply, Declared, Step};
use selvedge_model::{id::StoreId, manifest::Manifest, name::StoreKind};

use super::{Parts, StartError, Worlds};
use crate::{
    account::ChangeError,
    stores::{secret, source::Sources},
};

/// What a manifest declares, and how far it goes.
pub struct Declaration<'a> {
    /// Its text.
    pub text: &'a str,
    /// What was read from it.
    pub manifest: &'a Manifest,
    /// How far it goes.
    pub how: Apply,
    /// Where its secrets come from.
    pub sources: Sources<'a>,
}

/// What a node serves from its start.
pub struct Started {
    /// The worlds, from the first one on.
    pub worlds: Arc<Worlds>,
    /// What applying the manifest has changed.
    pub steps: Vec<Step>,
    /// KV stores that are gone with that, whose items the engine still has.
    pub dropped: Vec<StoreId>,
}

/// Applies the manifest, makes the world, and then makes durable what was applied. On an error nothing was.
///
/// # Errors
/// Every source that cannot be read; what the manifest and a person disagree about; what does not fit together; the
/// account file where it cannot be written.
pub fn start(declaration: &Declaration<'_>, parts: Parts) -> Result<Started, StartError> {
    let one = |what: String| StartError(vec![what]);
    let declared = Declared::of(declaration.text, declaration.manifest).map_err(one)?;
    let secrets =
        secret::declared(declaration.manifest, declaration.sources).map_err(StartError)?;
    let live = Arc::clone(&parts.account);
    let old = live.now();
    let (new, steps) = live.declare(&declared, declaration, &secrets).map_err(one)?;
    let worlds = Worlds::begin(&new, declared.base, parts)?;
    live.keep(&old, new).map_err(|error: ChangeError| one(error.to_string()))?;
    let dropped =
        old.stores(StoreKind::Kv).filter(|store| live.now().resource(&store.id).is_none());
    let dropped = dropped.map(|store| store.id.clone()).collect();
    Ok(Started { worlds, steps, dropped })
}
