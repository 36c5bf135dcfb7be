//! Services are made, renamed and deleted.

use std::sync::Arc;

use selvedge_model::id::ServiceId;
use selvedge_model::name::ServiceName;

use crate::record::{Maker, Service, ServiceType};
use crate::refused::Subject;
use crate::{Account, Fresh, Refused};

impl Account {
    /// Makes a service without a version.
    ///
    /// # Errors
    /// [`Refused::Name`]; [`Refused::Duplicate`].
    pub fn create_service(
        &mut self,
        name: &str,
        kind: ServiceType,
        comment: &str,
        fresh: &mut dyn Fresh,
    ) -> Result<Arc<Service>, Refused> {
        self.check_service_name(name, None)?;
        let now_ms = fresh.now_ms();
        Ok(self.keep_service(Service {
            id: fresh.service_id(),
            name: name.to_owned(),
            kind,
            comment: comment.to_owned(),
            steered_by: Maker::Person,
            created_ms: now_ms,
            updated_ms: now_ms,
        }))
    }

    /// Gives a service another name or comment.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::Name`]; [`Refused::Duplicate`].
    pub fn update_service(
        &mut self,
        id: &ServiceId,
        name: Option<&str>,
        comment: Option<&str>,
        fresh: &mut dyn Fresh,
    ) -> Result<Arc<Service>, Refused> {
        let old = Arc::clone(self.service(id.as_str())?);
        let name = name.unwrap_or(&old.name).to_owned();
        let comment = comment.unwrap_or(&old.comment).to_owned();
        self.check_service_name(&name, Some(id))?;
        let updated_ms = fresh.now_ms();
        Ok(self.keep_service(Service { name, comment, updated_ms, ..(*old).clone() }))
    }

    /// Deletes a service that has no active version, with all its versions.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::Active`].
    pub fn delete_service(&mut self, id: &ServiceId) -> Result<Arc<Service>, Refused> {
        let service = Arc::clone(self.service(id.as_str())?);
        if self.active(id).is_some() {
            return Err(Refused::Active { service: service.name.clone() });
        }
        self.services.remove(id);
        self.versions.retain(|(service, _), _| service != id);
        Ok(service)
    }

    pub(crate) fn keep_service(&mut self, service: Service) -> Arc<Service> {
        let service = Arc::new(service);
        self.services.insert(service.id.clone(), Arc::clone(&service));
        service
    }

    fn check_service_name(&self, name: &str, own: Option<&ServiceId>) -> Result<(), Refused> {
        ServiceName::new(name)?;
        match self.services().find(|service| service.name == name) {
            Some(other) if own != Some(&other.id) => {
                Err(Refused::Duplicate { subject: Subject::Service, name: name.to_owned() })
            }
            _ => Ok(()),
        }
    }
}
