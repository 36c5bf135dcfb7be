//! The settings of a version are the table `[services.NAME]` of a manifest; domains and backends are parts of it.

use std::sync::Arc;

use selvedge_account::{Account, Refused, Version};
use selvedge_model::id::ServiceId;
use toml::Table;

use crate::admin::{Api, wire::Failed};

/// Whose settings, as the path has it.
pub(super) type Place = (String, u32);

/// A version with its service's id.
pub(super) fn find(
    account: &Account,
    (service, number): &Place,
) -> Result<(ServiceId, Arc<Version>), Refused> {
    let id = account.service(service)?.id.clone();
    let version = Arc::clone(account.version(&id, *number)?);
    Ok((id, version))
}

/// Changes a draft's settings; gives the version as it is then.
pub(super) async fn edit<T: Send>(
    api: &Api,
    place: &Place,
    edit: impl FnOnce(&mut Table) -> Result<T, Refused> + Send,
) -> Result<(ServiceId, Arc<Version>, T), Failed> {
    let changed = api.live().change(|account, fresh| {
        let (id, version) = find(account, place)?;
        // A frozen version says so before anything that is wrong with the change itself.
        account.set_settings(&id, version.number, version.settings.clone(), fresh)?;
        let mut settings = version.settings.clone();
        let done = edit(&mut settings)?;
        Ok((id.clone(), account.set_settings(&id, version.number, settings, fresh)?, done))
    });
    Ok(changed.await?)
}
