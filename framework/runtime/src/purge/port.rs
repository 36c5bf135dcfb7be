//! `PURGE` where requests come in: a delivery service purges the URL and answers; its origin hears
//! nothing of it.
//!
//! Platform.md section 8, except that the service asks who it is unless its manifest says
//! `purge = "open"`. A service that requires a chain token asks for that first, as of any request.

use axum::response::IntoResponse;
use http::uri::PathAndQuery;
use selvedge::{Error, Refusal, Request, Response, Result};
use selvedge_model::manifest::PurgeAccess;

use super::{What, done, mode, purge};
use crate::{
    caller::{Caller, takes_token},
    hop::Hop,
};

/// Purges the URL that the request is for.
///
/// # Errors
/// [`Refusal::PurgeUnauthorised`] where the sender may not.
pub(crate) fn answer(hop: &Hop, mut request: Request) -> Result<Response> {
    if !may_purge(hop, &mut request) {
        let service = hop.service.name();
        let detail =
            format!("service `{service}` takes PURGE with the admin token in `Fastly-Key`");
        return Err(Error::new(Refusal::PurgeUnauthorised, detail));
    }
    let target = request.uri().path_and_query().cloned();
    let target = target.unwrap_or_else(|| PathAndQuery::from_static("/"));
    let what = What::Url { host: hop.host.as_ref().to_owned(), target };
    let purged = purge(hop.world(), &hop.service, &what, mode(request.headers()));
    Ok(done(&purged).into_response())
}

/// The operator may, also through a service in front, and so may a handler that has the token.
fn may_purge(hop: &Hop, request: &mut Request) -> bool {
    hop.service.settings.purge == PurgeAccess::Open
        || hop.along.caller == Caller::Operator
        || is_of_trusted_service(hop)
        || takes_token(request.headers_mut(), hop.world().admin_token.as_ref())
}

/// Whether a service with a valid chain token purges on its own account, and does not merely pass
/// on what any client may send it. No request gets here without the token that is required.
fn is_of_trusted_service(hop: &Hop) -> bool {
    hop.service.required_secrets.is_some() && hop.along.caller == Caller::Anybody
}
