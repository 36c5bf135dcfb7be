//! A manifest is applied to the account: what differs becomes a new version, what is missing is made.
//!
//! The manifest wins over what it declared before. Over what a person decided since, it wins only where it is told to.

use std::sync::Arc;

use selvedge_model::name::StoreKind;

use super::{Conflict, Conflicts, Declared, DeclaredService, Step};
use crate::record::{Maker, Service, Store, Version};
use crate::{Account, Fresh, Refused};

/// How far a manifest goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Apply {
    /// It replaces what a person activated or deactivated.
    pub adopt: bool,
    /// What it does not declare goes, whoever made it.
    pub prune: bool,
}

/// What has been done so far.
struct Progress {
    steps: Vec<Step>,
    conflicts: Vec<Conflict>,
}

impl Account {
    /// Applies a manifest and says what was done. On an error the account is to be thrown away.
    ///
    /// # Errors
    /// Conflicts, all of them; or a rule that the whole of it breaks.
    pub fn apply(
        &mut self,
        declared: &Declared,
        how: Apply,
        fresh: &mut dyn Fresh,
    ) -> Result<Result<Vec<Step>, Conflicts>, Refused> {
        let mut progress = Progress { steps: Vec::new(), conflicts: Vec::new() };
        // What goes makes room for what comes.
        self.end_undeclared(declared, how, fresh, &mut progress)?;
        for (kind, name) in &declared.stores {
            if self.declared_store(*kind, name).is_none() {
                self.create_store(*kind, name, Maker::Declared, fresh)?;
                progress.steps.push(Step::MakeStore(*kind, name.clone()));
            }
        }
        for service in &declared.services {
            self.apply_service(service, how, fresh, &mut progress)?;
        }
        // What was linked by what has been replaced.
        self.prune(declared, how, &mut progress);
        self.name_kept(declared, how, &mut progress);
        let Progress { steps, conflicts } = progress;
        Ok(match conflicts.is_empty() {
            true => Ok(steps),
            false => Err(Conflicts { conflicts, plan: steps }),
        })
    }

    fn apply_service(
        &mut self,
        declared: &DeclaredService,
        how: Apply,
        fresh: &mut dyn Fresh,
        progress: &mut Progress,
    ) -> Result<(), Refused> {
        let Ok(service) = self.service_named(&declared.name).cloned() else {
            progress.steps.push(Step::MakeService(declared.name.clone()));
            let made = self.create_service(&declared.name, declared.kind, "", fresh)?;
            return self.replace(&made, declared, fresh).map(drop);
        };
        let active = self.active(&service.id).cloned();
        if active.as_ref().is_some_and(|active| self.is_same(active, declared)) {
            self.agree(&service);
            return Ok(());
        }
        let from = active.map(|active| active.number);
        if service.steered_by == Maker::Person && !how.adopt {
            progress.conflicts.push(Conflict { service: declared.name.clone(), active: from });
        }
        let to = self.replace(&service, declared, fresh)?;
        progress.steps.push(Step::Replace { service: declared.name.clone(), from, to });
        Ok(())
    }

    /// Whoever decided it: there is nothing to disagree about any more.
    fn agree(&mut self, service: &Service) {
        if service.steered_by == Maker::Person {
            self.keep_service(Service { steered_by: Maker::Declared, ..service.clone() });
        }
    }

    /// Makes what is declared the active version and gives its number.
    fn replace(
        &mut self,
        service: &Service,
        declared: &DeclaredService,
        fresh: &mut dyn Fresh,
    ) -> Result<u32, Refused> {
        self.keep_service(Service { kind: declared.kind, ..service.clone() });
        let draft = self.new_version(&service.id, fresh);
        let number = draft.number;
        let settings = declared.settings.clone();
        self.keep(&service.id, Version { made_by: Maker::Declared, settings, ..draft });
        for (name, (kind, store)) in &declared.links {
            let store = self.declared_store(*kind, store).map(|store| store.id.clone());
            let store = store.ok_or_else(|| Refused::UnknownResource { id: name.clone() })?;
            self.create_link(&service.id, number, name, store.as_str(), fresh)?;
        }
        self.activate(&service.id, number, Maker::Declared, fresh)?;
        Ok(number)
    }

    fn is_same(&self, version: &Version, declared: &DeclaredService) -> bool {
        let linked = |link: &crate::Link| {
            let store = self.resource(&link.store);
            let wanted = declared.links.get(&link.name);
            let wanted = wanted.and_then(|(kind, name)| self.declared_store(*kind, name));
            wanted.zip(store).is_some_and(|(wanted, store)| wanted.id == store.id)
        };
        version.settings == declared.settings
            && version.links.len() == declared.links.len()
            && version.links.iter().all(linked)
    }

    /// What was declared once and is no more stops; with `prune` everything that is not declared goes.
    fn end_undeclared(
        &mut self,
        declared: &Declared,
        how: Apply,
        fresh: &mut dyn Fresh,
        progress: &mut Progress,
    ) -> Result<(), Refused> {
        let services: Vec<_> = self.services().cloned().collect();
        let is_gone = |name: &str| !declared.services.iter().any(|service| service.name == name);
        for service in services.iter().filter(|service| is_gone(&service.name)) {
            self.end_service(service, how, fresh, progress)?;
        }
        self.prune(declared, how, progress);
        Ok(())
    }

    fn end_service(
        &mut self,
        service: &Service,
        how: Apply,
        fresh: &mut dyn Fresh,
        progress: &mut Progress,
    ) -> Result<(), Refused> {
        let name = service.name.clone();
        let active = self.active(&service.id).map(|active| active.number);
        let is_ours = service.steered_by == Maker::Declared;
        if let Some(version) = active.filter(|_| how.prune || is_ours) {
            self.deactivate(&service.id, version, Maker::Declared, fresh)?;
            if !how.prune {
                progress.steps.push(Step::StopService { service: name.clone(), version });
            }
        }
        if how.prune {
            self.delete_service(&service.id)?;
            progress.steps.push(Step::DropService(name));
        }
        Ok(())
    }

    /// With `prune`, drops the stores that are not declared and that nothing uses.
    fn prune(&mut self, declared: &Declared, how: Apply, progress: &mut Progress) {
        for store in self.undeclared_stores(declared, how) {
            if self.in_use_by(&store.id).is_none() {
                self.forget_store(&store.id);
                progress.steps.push(Step::DropStore(store.kind, store.name.clone()));
            }
        }
    }

    fn name_kept(&self, declared: &Declared, how: Apply, progress: &mut Progress) {
        let kept = self.undeclared_stores(declared, how).into_iter();
        progress.steps.extend(kept.map(|store| Step::KeepStore(store.kind, store.name.clone())));
    }

    fn undeclared_stores(&self, declared: &Declared, how: Apply) -> Vec<Arc<Store>> {
        let is_declared = |store: &Store| {
            let mut names = declared.stores.iter().filter(|(kind, _)| *kind == store.kind);
            names.any(|(kind, name)| {
                self.declared_store(*kind, name).is_some_and(|found| found.id == store.id)
            })
        };
        let stores = StoreKind::ALL.into_iter().flat_map(|kind| self.stores(kind));
        stores.filter(|store| how.prune && !is_declared(store)).cloned().collect()
    }
}
