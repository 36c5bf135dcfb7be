//! Services and versions as JSON.

use std::sync::Arc;

use selvedge_account::{self as account, Account, ServiceType};
use selvedge_model::id::ServiceId;
use serde::Serialize;

use crate::admin::wire::time;

/// A service with all its versions.
#[derive(Serialize)]
pub(in crate::admin) struct Service<'a> {
    id: &'a str,
    name: &'a str,
    r#type: &'static str,
    comment: &'a str,
    created_at: String,
    updated_at: String,
    deleted_at: (),
    versions: Vec<Version<'a>>,
}

/// A version, its fields in the order of platform.md section 1.4.
#[derive(Clone, Serialize)]
pub(in crate::admin) struct Version<'a> {
    number: u32,
    active: bool,
    locked: bool,
    /// The platform has three more states than there are here; clients expect the fields.
    deployed: bool,
    staging: bool,
    testing: bool,
    comment: &'a str,
    created_at: String,
    updated_at: String,
    deleted_at: (),
    service_id: &'a str,
}

impl<'a> Service<'a> {
    pub(in crate::admin) fn of(account: &'a Account, service: &'a account::Service) -> Self {
        let versions = account.versions(&service.id);
        Self {
            id: service.id.as_str(),
            name: &service.name,
            r#type: type_of(service.kind),
            comment: &service.comment,
            created_at: time::seconds(service.created_ms),
            updated_at: time::seconds(service.updated_ms),
            deleted_at: (),
            versions: versions.map(|version| Version::of(&service.id, version)).collect(),
        }
    }
}

impl<'a> Version<'a> {
    pub(super) fn of(service: &'a ServiceId, version: &'a account::Version) -> Self {
        Self {
            number: version.number,
            active: version.active,
            locked: version.locked,
            deployed: false,
            staging: false,
            testing: false,
            comment: &version.comment,
            created_at: time::seconds(version.created_ms),
            updated_at: time::seconds(version.updated_ms),
            deleted_at: (),
            service_id: service.as_str(),
        }
    }
}

/// The version that a service is known by: the active one, else the newest.
pub(super) fn current<'a>(
    account: &'a Account,
    id: &ServiceId,
) -> Option<&'a Arc<account::Version>> {
    account.active(id).or_else(|| account.versions(id).last())
}

/// The platform's words: code runs as wasm there, and rules are written in VCL.
fn type_of(kind: ServiceType) -> &'static str {
    match kind {
        ServiceType::Compute => "wasm",
        ServiceType::Delivery => "vcl",
    }
}
