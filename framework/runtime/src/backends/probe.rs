//! Health probes: a request to each backend that has a healthcheck, once in its interval (platform.md sections 1.4 and 5).
//!
//! A probe goes the way of any request that its service sends, into another service or to the network, and is signed like
//! it; it counts in no limit and meets no cache. Whoever has a clock runs what is due: a node by itself, a test when it
//! moves its clock.

use std::{sync::Arc, time::Duration};

use futures_util::future::{Either, select};
use http::{HeaderValue, Method, header};
use selvedge::{Body, Request, Result, host::BoxFuture};
use selvedge_model::manifest::Healthcheck;

use crate::{
    caller::Caller,
    edge::Edge,
    fetch,
    hop::{Along, Hop},
    hops::{Hops, Way},
    interim::Interim,
    upstream::Upstream,
    world::{Backend, Service, World, Worlds},
};

/// A backend that a new world brings is found after so many milliseconds.
const LOOK_MS: u64 = 1000;

/// Probes all backends when they are due, for as long as it is polled.
pub async fn probing(worlds: Arc<Worlds>, upstream: Arc<dyn Upstream>) {
    loop {
        let edge = Edge { world: worlds.now(), upstream: Arc::clone(&upstream) };
        due(&edge).into_iter().for_each(|probe| drop(tokio::spawn(probe)));
        let clock = &edge.world.clock;
        let until_ms = next_ms(&edge.world).unwrap_or(u64::MAX);
        clock.sleep(until_ms.saturating_sub(clock.now_ms()).min(LOOK_MS)).await;
    }
}

/// When the next probe is due, in milliseconds since the Unix epoch.
#[must_use]
pub fn next_ms(world: &World) -> Option<u64> {
    backends(world).filter_map(|(_, backend)| backend.state.next_probe_ms()).min()
}

/// The probes that are due now, each to be run once.
#[must_use]
pub fn due(edge: &Edge) -> Vec<BoxFuture<'static, ()>> {
    let now_ms = edge.world.clock.now_ms();
    let mut probes: Vec<BoxFuture<'static, ()>> = Vec::new();
    for (service, backend) in backends(&edge.world) {
        let Some(check) = &backend.settings.healthcheck else { continue };
        if backend.state.take_due(now_ms, millis(check.interval)) {
            let (edge, service) = (edge.clone(), Arc::clone(service));
            let name = backend.settings.name.as_str().to_owned();
            probes.push(Box::pin(async move { probe(edge, service, &name).await }));
        }
    }
    probes
}

fn backends(world: &World) -> impl Iterator<Item = (&Arc<Service>, &Backend)> {
    let services = world.services.values();
    services.flat_map(|service| service.backends.values().map(move |backend| (service, backend)))
}

async fn probe(edge: Edge, service: Arc<Service>, name: &str) {
    let Some(backend) = service.backends.get(name) else { return };
    let Some(check) = &backend.settings.healthcheck else { return };
    let status = exchange(&edge, &service, backend, check).await;
    let succeeded = matches!(&status, Ok(status) if *status == check.expected_status);
    if let Some(turn) = backend.state.probed(succeeded) {
        let why = match status {
            Ok(status) => format!("its last probe had the status {status}"),
            Err(why) => format!("its last probe failed: {why}"),
        };
        let line = format!("backend `{name}` is {}; {why}", turn.as_str());
        edge.world.tell.log(service.name(), &line);
    }
}

/// The status of the answer, or why there is none.
async fn exchange(
    edge: &Edge,
    service: &Arc<Service>,
    backend: &Backend,
    check: &Healthcheck,
) -> Result<u16, String> {
    let hop = hop(edge, service).ok_or("there is no POP")?;
    let (host, request) = request(backend, check).map_err(|error| error.to_string())?;
    let sent = Box::pin(fetch::probe(&hop, backend, &host, request));
    match select(sent, edge.world.clock.sleep(millis(check.timeout))).await {
        Either::Left((Ok(response), _)) => Ok(response.status().as_u16()),
        Either::Left((Err(error), _)) => Err(error.chain()),
        Either::Right(_) => Err(format!("no answer within {} ms", check.timeout.as_millis())),
    }
}

/// The service at work on a request of its own.
fn hop(edge: &Edge, service: &Arc<Service>) -> Option<Arc<Hop>> {
    let world = &edge.world;
    let pop = Arc::clone(world.entry_pop()?);
    let (id, caller) = (world.ids.next(), Caller::Anybody);
    let came = (Hops::default(), Way::Entered);
    let along = Along { id, client: None, caller, debug: false, interim: Interim::default() };
    let host = service.settings.domains.first().map_or("", |domain| domain.as_str());
    Some(Hop::new(edge.clone(), pop, Arc::clone(service), came, along, host.into()))
}

fn request(backend: &Backend, check: &Healthcheck) -> Result<(HeaderValue, Request), http::Error> {
    let host = match (&check.host, &backend.override_host) {
        (Some(host), _) => HeaderValue::from_str(host)?,
        (None, Some(host)) => host.clone(),
        (None, None) => HeaderValue::from_str(&backend.own_host())?,
    };
    let request = http::Request::builder()
        .method(Method::from_bytes(check.method.as_bytes())?)
        .uri(check.path.as_str())
        .header(header::HOST, host.clone())
        .body(Body::empty())?;
    Ok((host, request))
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
