//! A node starts: its manifest is applied to the account, and the first world is made of what is active then.

use std::sync::Arc;

use selvedge_account::{Account, Apply, Declared, Step};
use selvedge_model::{id::StoreId, manifest::Manifest, name::StoreKind};

use super::{Parts, StartError, Worlds};
use crate::{
    account::{ChangeError, LiveAccount},
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

/// What a node would serve from its start. Nothing of it is durable.
pub struct Planned {
    /// What applying the manifest changes.
    pub steps: Vec<Step>,
    worlds: Arc<Worlds>,
    live: Arc<LiveAccount>,
    old: Arc<Account>,
    new: Account,
}

/// Applies the manifest, makes the world, and then makes durable what was applied. On an error nothing was.
///
/// # Errors
/// As [`plan`] and [`Planned::commit`].
pub fn start(declaration: &Declaration<'_>, parts: Parts) -> Result<Started, StartError> {
    plan(declaration, parts)?.commit()
}

/// Works out what applying the manifest changes, and what would be served then.
///
/// # Errors
/// Every source that cannot be read; what the manifest and a person disagree about; what does not fit together.
pub fn plan(declaration: &Declaration<'_>, parts: Parts) -> Result<Planned, StartError> {
    let one = |what: String| StartError(vec![what]);
    let declared = Declared::of(declaration.text, declaration.manifest).map_err(one)?;
    let secrets =
        secret::declared(declaration.manifest, declaration.sources).map_err(StartError)?;
    let live = Arc::clone(&parts.account);
    let old = live.now();
    let (new, steps) = live.declare(&declared, declaration, &secrets).map_err(one)?;
    let hint = of_a_person(&new, &declared);
    let worlds = Worlds::begin(&new, declared.base, parts).map_err(|mut error| {
        error.0.extend(hint);
        error
    })?;
    Ok(Planned { steps, worlds, live, old, new })
}

impl Planned {
    /// Makes it durable.
    ///
    /// # Errors
    /// The account file where it cannot be written.
    pub fn commit(self) -> Result<Started, StartError> {
        let Self { steps, worlds, live, old, new } = self;
        let kept = live.keep(&old, new);
        kept.map_err(|error: ChangeError| StartError(vec![error.to_string()]))?;
        let now = live.now();
        let dropped = old.stores(StoreKind::Kv).filter(|store| now.resource(&store.id).is_none());
        let dropped = dropped.map(|store| store.id.clone()).collect();
        Ok(Started { worlds, steps, dropped })
    }
}

/// What does not fit together may be the manifest and what it does not know of.
fn of_a_person(account: &Account, declared: &Declared) -> Option<String> {
    let is_declared = |name: &str| declared.services.iter().any(|service| service.name == name);
    let services = account.services().filter(|it| account.active(&it.id).is_some());
    let names: Vec<String> = services
        .filter(|it| !is_declared(&it.name))
        .map(|service| format!("`{}`", service.name))
        .collect();
    let names = names.join(", ");
    (!names.is_empty()).then(|| {
        format!(
            "it has to fit with what was activated through the management API: {names}\n  hint: `--prune` \
             deletes what the manifest does not declare"
        )
    })
}
