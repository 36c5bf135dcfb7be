//! A manifest is applied to the account of a node that starts: services, links and stores, then contents.

use std::collections::BTreeSet;

use selvedge::store::secret::Secret;
use selvedge_account::{
    Account, Apply, Conflicts, Declared, Fresh, GENERATED, Refused, Step, Subject,
};
use selvedge_model::{
    id::StoreId,
    manifest::Manifest,
    name::{StoreKind, StoreName},
};

use super::{LiveAccount, change::failed, fresh::Draw};
use crate::{
    stores::{
        hex,
        secret::{DeclaredSecret, Plain},
    },
    world::Declaration,
};

impl LiveAccount {
    /// The account with the manifest applied, and what that changes. Nothing is durable or shown yet.
    ///
    /// # Errors
    /// Conflicts with what a person decided, with the plan; a rule that is broken; a system without random bits.
    pub(crate) fn declare(
        &self,
        declared: &Declared,
        declaration: &Declaration<'_>,
        secrets: &[DeclaredSecret<'_>],
    ) -> Result<(Account, Vec<Step>), String> {
        let mut account = (*self.now()).clone();
        let mut fresh = Draw::new(self.clock.now_ms(), &*self.random).map_err(|e| e.to_string())?;
        let applied = account.apply(declared, declaration.how, &mut fresh);
        let mut steps = applied
            .map_err(|refused| with_hint(&refused, declaration.how))?
            .map_err(|it| disputed(&it))?;
        let contents =
            Contents { live: self, account: &mut account, fresh: &mut fresh, steps: Vec::new() };
        steps.extend(contents.take_over(declaration.manifest, secrets)?);
        Ok((account, steps))
    }

    fn generate(&self, bytes: usize) -> Result<Secret, String> {
        let mut random = vec![0; bytes];
        self.random.fill(&mut random).map_err(|cause| failed(cause).to_string())?;
        let random = Secret::new(random);
        Ok(Secret::new(hex::encode(random.plaintext()).into_bytes()))
    }
}

/// The contents of config and secret stores, being taken over.
struct Contents<'a> {
    live: &'a LiveAccount,
    account: &'a mut Account,
    fresh: &'a mut dyn Fresh,
    steps: Vec<Step>,
}

impl Contents<'_> {
    fn take_over(
        mut self,
        manifest: &Manifest,
        secrets: &[DeclaredSecret<'_>],
    ) -> Result<Vec<Step>, String> {
        // What goes makes room for what comes.
        let declared = self.places(manifest, secrets).map_err(told)?;
        let ended = self.account.end_undeclared_contents(&declared, self.fresh).map_err(told)?;
        ended.iter().for_each(|place| self.note(place, Step::EndItem));
        self.config(manifest).map_err(told)?;
        secrets.iter().try_for_each(|secret| self.secret(secret))?;
        for place in declared
            .iter()
            .filter(|place| !self.account.has_item(place))
            .cloned()
            .collect::<Vec<_>>()
        {
            self.note(&place, Step::MissItem);
        }
        Ok(self.steps)
    }

    fn places(
        &self,
        manifest: &Manifest,
        secrets: &[DeclaredSecret<'_>],
    ) -> Result<BTreeSet<(StoreId, String)>, Refused> {
        let mut places = BTreeSet::new();
        for (store, items) in &manifest.config_stores {
            let store = self.id(StoreKind::Config, store)?;
            places.extend(items.keys().map(|key| (store.clone(), key.clone())));
        }
        for secret in secrets {
            places.insert((self.id(StoreKind::Secret, secret.store)?, secret.name.to_owned()));
        }
        Ok(places)
    }

    fn config(&mut self, manifest: &Manifest) -> Result<(), Refused> {
        for (store, items) in &manifest.config_stores {
            let store = self.id(StoreKind::Config, store)?;
            for (key, value) in items {
                if self.account.declare_config(&store, (key, value), self.fresh)? {
                    self.note(&(store.clone(), key.clone()), Step::WriteItem);
                }
            }
        }
        Ok(())
    }

    /// A secret is sealed when the manifest says something new of it, and else left alone.
    fn secret(&mut self, secret: &DeclaredSecret<'_>) -> Result<(), String> {
        let store = self.id(StoreKind::Secret, secret.store).map_err(told)?;
        let place = (store.as_str(), secret.name);
        let said = match &secret.plain {
            Plain::Given(plain) => self.live.sealer.said(place, plain),
            Plain::Generate { .. } => GENERATED.to_owned(),
        };
        if !self.account.is_news(&store, secret.name, &said) {
            self.account.note_said(&store, secret.name, &said);
            return Ok(());
        }
        let sealed = match &secret.plain {
            Plain::Given(plain) => self.live.seal(&store, secret.name, plain),
            Plain::Generate { bytes } => {
                self.live.seal(&store, secret.name, &self.live.generate(*bytes)?)
            }
        };
        let said = (secret.name, said.as_str());
        self.account.declare_secret(&store, said, sealed, self.fresh).map_err(told)?;
        self.note(&(store, secret.name.to_owned()), Step::WriteItem);
        Ok(())
    }

    /// Values are shown nowhere.
    fn note(
        &mut self,
        (store, key): &(StoreId, String),
        step: fn(StoreKind, String, String) -> Step,
    ) {
        if let Some(store) = self.account.resource(store) {
            self.steps.push(step(store.kind, store.name.clone(), key.clone()));
        }
    }

    fn id(&self, kind: StoreKind, name: &StoreName) -> Result<StoreId, Refused> {
        let found = self.account.declared_store(kind, name.as_str()).map(|store| store.id.clone());
        found.ok_or_else(|| Refused::not_found(Subject::Store(kind), name.as_str()))
    }
}

fn told(refused: Refused) -> String {
    refused.to_string()
}

/// A limit is reached by what was made through the management API, too.
fn with_hint(refused: &Refused, how: Apply) -> String {
    match refused {
        Refused::Limit { of: "an account", .. } if how.prune => format!(
            "{refused}, with those that are still linked\n  hint: first declare services without links \
             to what is to go"
        ),
        Refused::Limit { of: "an account", .. } => format!(
            "{refused}, with those that the manifest does not declare\n  hint: `--prune` deletes \
             what it does not declare"
        ),
        _ => refused.to_string(),
    }
}

/// The plan, and what a person has to decide.
fn disputed(Conflicts { conflicts, plan }: &Conflicts) -> String {
    let lines = |lines: Vec<String>| lines.join("\n  ");
    format!(
        "the manifest differs from what was decided since it was applied:\n  {}\nit would do this:\n  \
         {}\n  hint: `--adopt` lets it",
        lines(conflicts.iter().map(ToString::to_string).collect()),
        lines(plan.iter().map(ToString::to_string).collect()),
    )
}
