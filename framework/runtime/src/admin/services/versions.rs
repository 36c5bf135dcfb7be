//! Versions: made, commented, cloned, activated, deactivated, locked.

use std::sync::Arc;

use axum::extract::State;
use selvedge_account::{self as account, Account, Fresh, Maker, Refused};
use selvedge_model::id::ServiceId;
use serde::Deserialize;

use super::shown::Version;
use crate::admin::{
    Api,
    wire::{At, Failed, Fields, Reply, ok},
};

/// A service and the number of a version, as the path has them.
type Place = At<(String, u32)>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Comment {
    comment: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Create {
    comment: Option<String>,
}

/// An empty draft: it has no settings but the type.
pub(super) async fn create(
    State(api): State<Api>,
    At(service): At<String>,
    Fields(Create { comment }): Fields<Create>,
) -> Reply {
    change(&api, &service, |account, id, fresh| {
        let newest = account.versions(id).last().map(|version| version.settings.clone());
        let mut settings = newest.unwrap_or_default();
        settings.retain(|key, _| matches!(key, "type" | "handler"));
        let number = account.create_version(id, fresh)?.number;
        account.set_settings(id, number, settings, fresh)?;
        account.comment_version(id, number, comment.as_deref().unwrap_or_default(), fresh)
    })
    .await
}

pub(super) async fn list(State(api): State<Api>, At(service): At<String>) -> Reply {
    let account = api.account();
    let id = &account.service(&service)?.id;
    ok(account.versions(id).map(|version| Version::of(id, version)).collect::<Vec<_>>())
}

pub(super) async fn show(State(api): State<Api>, At((service, number)): Place) -> Reply {
    let account = api.account();
    let id = &account.service(&service)?.id;
    ok(Version::of(id, account.version(id, number)?))
}

pub(super) async fn comment(
    State(api): State<Api>,
    At((service, number)): Place,
    Fields(Comment { comment }): Fields<Comment>,
) -> Reply {
    change(&api, &service, |account, id, fresh| {
        account.comment_version(id, number, &comment, fresh)
    })
    .await
}

pub(super) async fn clone(State(api): State<Api>, At((service, number)): Place) -> Reply {
    change(&api, &service, |account, id, fresh| {
        account.clone_version(id, number, Maker::Person, fresh)
    })
    .await
}

/// Whether what is then active fits together is checked before anybody sees it.
pub(super) async fn activate(State(api): State<Api>, At((service, number)): Place) -> Reply {
    change(&api, &service, |account, id, fresh| account.activate(id, number, Maker::Person, fresh))
        .await
}

/// There is nowhere else: what was meant for staging must not go live.
pub(super) async fn activate_elsewhere(
    At((_, _, environment)): At<(String, u32, String)>,
) -> Reply {
    Err(Failed::bad_request(format!(
        "there is no environment `{environment}` here, and nothing was activated"
    )))
}

pub(super) async fn deactivate(State(api): State<Api>, At((service, number)): Place) -> Reply {
    change(&api, &service, |account, id, fresh| {
        account.deactivate(id, number, Maker::Person, fresh)
    })
    .await
}

pub(super) async fn lock(State(api): State<Api>, At((service, number)): Place) -> Reply {
    change(&api, &service, |account, id, fresh| account.lock(id, number, fresh)).await
}

/// Changes a version of a service and shows what it has become.
async fn change(
    api: &Api,
    service: &str,
    change: impl FnOnce(
        &mut Account,
        &ServiceId,
        &mut dyn Fresh,
    ) -> Result<Arc<account::Version>, Refused>
    + Send,
) -> Reply {
    let changed = api.live().change(|account, fresh| {
        let id = account.service(service)?.id.clone();
        let version = change(account, &id, fresh)?;
        Ok((id, version))
    });
    let (id, version) = changed.await?;
    ok(Version::of(&id, &version))
}
