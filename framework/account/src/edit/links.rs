//! Links of a version are made, renamed, pointed elsewhere and deleted, as long as the version can be edited.

use std::sync::Arc;

use selvedge_model::id::{LinkId, ServiceId, StoreId};
use selvedge_model::limits::LINKS_PER_SERVICE;
use selvedge_model::name::LinkName;

use crate::record::{Link, Store, Version};
use crate::refused::Subject;
use crate::{Account, Fresh, Refused};

impl Account {
    /// Links a store to a version under a name.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::Frozen`]; [`Refused::UnknownResource`]; [`Refused::Name`];
    /// [`Refused::Duplicate`]; [`Refused::Limit`].
    pub fn create_link(
        &mut self,
        service: &ServiceId,
        version: u32,
        name: &str,
        store: &str,
        fresh: &mut dyn Fresh,
    ) -> Result<Link, Refused> {
        let mut draft = self.draft(service, version)?;
        let store = self.linkable(store, name)?;
        check_unique(&draft, name, None)?;
        if draft.links.len() >= LINKS_PER_SERVICE {
            let (what, of) = ("links", "a service version");
            return Err(Refused::Limit { what, of, most: LINKS_PER_SERVICE });
        }
        let (id, now_ms) = (fresh.link_id(), fresh.now_ms());
        let (created_ms, updated_ms) = (now_ms, now_ms);
        let link = Link { id, name: name.to_owned(), store, created_ms, updated_ms };
        draft.links.push(link.clone());
        self.keep_changed(service, draft, fresh);
        Ok(link)
    }

    /// Gives a link another name, another store, or both.
    ///
    /// # Errors
    /// As [`create_link`](Self::create_link).
    pub fn update_link(
        &mut self,
        (service, version, id): (&ServiceId, u32, &LinkId),
        name: Option<&str>,
        store: Option<&str>,
        fresh: &mut dyn Fresh,
    ) -> Result<Link, Refused> {
        let old = self.link(service, version, id)?.clone();
        let mut draft = self.draft(service, version)?;
        let name = name.unwrap_or(&old.name).to_owned();
        let store = self.linkable(store.unwrap_or(old.store.as_str()), &name)?;
        check_unique(&draft, &name, Some(id))?;
        let updated_ms = fresh.now_ms();
        let link = Link { name, store, updated_ms, ..old };
        for place in draft.links.iter_mut().filter(|link| link.id == *id) {
            *place = link.clone();
        }
        self.keep_changed(service, draft, fresh);
        Ok(link)
    }

    /// Takes a link out of a version.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::Frozen`].
    pub fn delete_link(
        &mut self,
        service: &ServiceId,
        version: u32,
        id: &LinkId,
        fresh: &mut dyn Fresh,
    ) -> Result<(), Refused> {
        self.link(service, version, id)?;
        let mut draft = self.draft(service, version)?;
        draft.links.retain(|link| link.id != *id);
        self.keep_changed(service, draft, fresh);
        Ok(())
    }

    /// The store, if it exists and may be linked under this name.
    fn linkable(&self, store: &str, name: &str) -> Result<StoreId, Refused> {
        let unknown = || Refused::UnknownResource { id: store.to_owned() };
        let found: &Arc<Store> = self.stores.get(store).ok_or_else(unknown)?;
        LinkName::new(found.kind, name)?;
        Ok(found.id.clone())
    }
}

fn check_unique(version: &Version, name: &str, own: Option<&LinkId>) -> Result<(), Refused> {
    let mut others = version.links.iter().filter(|link| own != Some(&link.id));
    match others.any(|link| link.name == name) {
        true => Err(Refused::Duplicate { subject: Subject::Link, name: name.to_owned() }),
        false => Ok(()),
    }
}
