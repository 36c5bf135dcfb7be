//! [`Host`] on Fastly Compute, through the platform's own crate: one program is one service, and one run of it is one
//! request (platform.md section 4.1).
//!
//! What the platform keeps in its service version (domains, links, backends with their timeouts and host overrides, the
//! cache) is not read from a manifest here. It has no memory between requests, so nothing here remembers anything, and
//! what the platform cannot do is refused by name; `docs/fastly-compute.md` lists it.

mod answer;
mod arrive;
mod body;
mod cache;
mod chain;
mod compute;
mod failed;
mod kv;
mod later;
mod log;
mod send;
mod stores;
pub(crate) mod turns;

use std::sync::Arc;

use axum::response::IntoResponse;

use self::{arrive::Arrived, compute::Compute};
use crate::{Ctx, Error, Host, Request, Response, Service, chain::InboundToken};

/// Answers the one request that this program was started for: what [`main!`](crate::main) expands to.
pub fn run(service: &Service) {
    ::fastly::init();
    let Arrived { request, token, place } = arrive::arrive(service);
    answer::expect_panics(&place);
    let compute = Arc::new(Compute::new(place, Arc::clone(service.needs())));
    let answering = handle(Arc::clone(&compute), service.clone(), request, token);
    let response =
        turns::block_on(answering).unwrap_or_else(|stalled| Error::from(stalled).into_response());
    answer::deliver(&compute, response);
    compute.later.run();
}

/// Lets the handler answer, once the request may come in.
async fn handle(
    compute: Arc<Compute>,
    service: Service,
    mut request: Request,
    token: InboundToken,
) -> Response {
    if let Some(stores) = service.chain_auth()
        && let Err(error) = compute.chain_admit(stores, &token)
    {
        return error.into_response();
    }
    request.extensions_mut().insert(token);
    let host: Arc<dyn Host> = compute;
    Ctx::new(host, Arc::clone(service.needs())).attach(&mut request);
    service.call(request).await
}
