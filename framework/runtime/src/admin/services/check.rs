//! Whether a version would fit if it were activated now.

use axum::extract::State;
use selvedge_account::{Maker, Refused};
use serde::Serialize;

use super::edit::{Place, find};
use crate::{
    account::ChangeError,
    admin::{
        Api,
        wire::{At, Reply, ok},
    },
};

#[derive(Serialize)]
struct Shown {
    status: &'static str,
    msg: Option<String>,
    errors: Vec<String>,
    warnings: [(); 0],
}

/// The same check as on activation. What does not fit is no failure of the call.
pub(super) async fn validate(State(api): State<Api>, At(place): At<Place>) -> Reply {
    let checked = api.live().check(|account, fresh| {
        let (id, version) = find(account, &place)?;
        account.activate(&id, version.number, Maker::Person, fresh).map(drop)
    });
    match checked.await {
        Ok(()) => ok(Shown { status: "ok", msg: None, errors: Vec::new(), warnings: [] }),
        Err(ChangeError::Refused(Refused::Unfit(errors))) => {
            let msg = Some(errors.join("; "));
            ok(Shown { status: "error", msg, errors, warnings: [] })
        }
        Err(error) => Err(error.into()),
    }
}
