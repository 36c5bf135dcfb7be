//! Versions: a draft is edited, then activated or locked, and never changes again (platform.md section 1.1).

use std::sync::Arc;

use selvedge_model::id::ServiceId;
use toml::Table;

use crate::record::{Link, Maker, Service, Version};
use crate::{Account, Fresh, Refused};

impl Account {
    /// Makes a draft like this version, links included, with the next number.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub fn clone_version(
        &mut self,
        service: &ServiceId,
        number: u32,
        made_by: Maker,
        fresh: &mut dyn Fresh,
    ) -> Result<Arc<Version>, Refused> {
        let from = Arc::clone(self.version(service, number)?);
        let links = from.links.iter().map(|link| again(link, fresh)).collect();
        let settings = from.settings.clone();
        let draft = Version { comment: from.comment.clone(), ..self.new_version(service, fresh) };
        Ok(self.keep(service, Version { made_by, links, settings, ..draft }))
    }

    /// Makes an empty draft with the next number.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub fn create_version(
        &mut self,
        service: &ServiceId,
        fresh: &mut dyn Fresh,
    ) -> Result<Arc<Version>, Refused> {
        self.service(service.as_str())?;
        let draft = self.new_version(service, fresh);
        Ok(self.keep(service, draft))
    }

    /// Lets a version answer requests from now on, in the place of the one that does. Whether it can is for the caller
    /// to check on the outcome.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::UnknownResource`] where one of its links leads to a store that is gone.
    pub fn activate(
        &mut self,
        service: &ServiceId,
        number: u32,
        by: Maker,
        fresh: &mut dyn Fresh,
    ) -> Result<Arc<Version>, Refused> {
        let version = self.version(service, number)?;
        if let Some(link) = version.links.iter().find(|link| self.resource(&link.store).is_none()) {
            return Err(Refused::UnknownResource { id: link.store.to_string() });
        }
        self.stop_active(service, fresh);
        self.steer(service, by, fresh)?;
        self.change(service, number, fresh, |version| {
            (version.active, version.locked) = (true, true);
        })
    }

    /// Lets a version answer no requests. It stays as it is where it is not the active one.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub fn deactivate(
        &mut self,
        service: &ServiceId,
        number: u32,
        by: Maker,
        fresh: &mut dyn Fresh,
    ) -> Result<Arc<Version>, Refused> {
        let version = Arc::clone(self.version(service, number)?);
        if !version.active {
            return Ok(version);
        }
        self.steer(service, by, fresh)?;
        self.change(service, number, fresh, |version| version.active = false)
    }

    /// Lets nobody edit a version any more.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub fn lock(
        &mut self,
        service: &ServiceId,
        number: u32,
        fresh: &mut dyn Fresh,
    ) -> Result<Arc<Version>, Refused> {
        self.change(service, number, fresh, |version| version.locked = true)
    }

    /// Writes what a person says about a version; that is allowed at any time.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub fn comment_version(
        &mut self,
        service: &ServiceId,
        number: u32,
        comment: &str,
        fresh: &mut dyn Fresh,
    ) -> Result<Arc<Version>, Refused> {
        self.change(service, number, fresh, |version| version.comment = comment.to_owned())
    }

    /// Replaces a draft's settings: the table `[services.NAME]` of a manifest without its links.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::Frozen`].
    pub fn set_settings(
        &mut self,
        service: &ServiceId,
        number: u32,
        settings: Table,
        fresh: &mut dyn Fresh,
    ) -> Result<Arc<Version>, Refused> {
        let draft = self.draft(service, number)?;
        Ok(self.keep_changed(service, Version { settings, ..draft }, fresh))
    }

    /// A copy of a version that may be edited.
    pub(super) fn draft(&self, service: &ServiceId, number: u32) -> Result<Version, Refused> {
        let version = self.version(service, number)?;
        match version.locked || version.active {
            true => Err(Refused::Frozen { number }),
            false => Ok((**version).clone()),
        }
    }

    pub(super) fn keep_changed(
        &mut self,
        service: &ServiceId,
        draft: Version,
        fresh: &mut dyn Fresh,
    ) -> Arc<Version> {
        self.keep(service, Version { updated_ms: fresh.now_ms(), ..draft })
    }

    pub(crate) fn keep(&mut self, service: &ServiceId, version: Version) -> Arc<Version> {
        let version = Arc::new(version);
        self.versions.insert((service.clone(), version.number), Arc::clone(&version));
        version
    }

    /// An empty draft with the service's next number.
    pub(crate) fn new_version(&self, service: &ServiceId, fresh: &mut dyn Fresh) -> Version {
        let last = self.versions(service).last().map_or(0, |version| version.number);
        let now_ms = fresh.now_ms();
        Version {
            number: last.saturating_add(1),
            active: false,
            locked: false,
            made_by: Maker::Person,
            comment: String::new(),
            settings: Table::new(),
            links: Vec::new(),
            created_ms: now_ms,
            updated_ms: now_ms,
        }
    }

    fn stop_active(&mut self, service: &ServiceId, fresh: &mut dyn Fresh) {
        if let Some(active) = self.active(service).cloned() {
            let stopped = Version { active: false, ..(*active).clone() };
            self.keep_changed(service, stopped, fresh);
        }
    }

    fn steer(
        &mut self,
        service: &ServiceId,
        steered_by: Maker,
        fresh: &mut dyn Fresh,
    ) -> Result<(), Refused> {
        let old = (**self.service(service.as_str())?).clone();
        let new = Service { steered_by, updated_ms: fresh.now_ms(), ..old };
        self.services.insert(service.clone(), Arc::new(new));
        Ok(())
    }

    fn change(
        &mut self,
        service: &ServiceId,
        number: u32,
        fresh: &mut dyn Fresh,
        change: impl FnOnce(&mut Version),
    ) -> Result<Arc<Version>, Refused> {
        let mut version = (**self.version(service, number)?).clone();
        change(&mut version);
        Ok(self.keep_changed(service, version, fresh))
    }
}

/// The same link in another version is another link.
fn again(link: &Link, fresh: &mut dyn Fresh) -> Link {
    Link { id: fresh.link_id(), ..link.clone() }
}
