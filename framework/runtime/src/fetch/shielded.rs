//! A send that goes on in another POP: the shield, which alone asks the origin (platform.md section 10.2).
//!
//! It is the same service there, one hop further. What its rules or its code have made of the request stays as it is,
//! and what they found of it comes along: nothing is matched, rewritten or signed twice. What they have to say of the
//! origin's answer they say at the shield, where that comes in. Its answer comes with the life that the cache there gave
//! it, and the copy here has the same: it is fresh for no longer, and what a purge made stale there is stale here.

use std::sync::Arc;

use http::header;
use selvedge::{Request, Response, Result};
use selvedge_cache::{
    entry::StoredHead,
    fresh::Freshness,
    policy::{Override, Storing},
};

use super::plan::{CachePlan, Sending};
use crate::{
    backends,
    enter::{Entering, enter_shield},
    flight::FlightId,
    headers,
    hop::Hop,
    hops,
    world::{Destination, Matched, Pop},
};

/// The life that the shield's cache has given a response; it rides along with that as far as the POP which asked.
#[derive(Clone, Copy, Debug)]
struct Life(Freshness);

/// What goes on at the shield.
pub(crate) struct Shielded {
    /// The backend or director that is sent to there.
    to: String,
    plan: CachePlan,
    matched: Option<Matched>,
}

/// What came from a shield.
pub(super) struct FromShield {
    pub(super) response: Response,
    /// What is to be made of it here.
    pub(super) over: Override,
}

/// The POP in which a send goes on, if not in this one.
///
/// # Errors
/// As [`backends::pick`], where one of several backends is to be chosen.
pub(super) fn shield(
    hop: &Hop,
    to: Destination<'_>,
    request: &Request,
) -> Result<Option<Arc<Pop>>> {
    if hop.is_at_shield() {
        return Ok(None);
    }
    let backend = match to {
        Destination::Backend(backend) => backend,
        Destination::Director(..) if !has_shield(hop) => return Ok(None),
        Destination::Director(..) => backends::pick(hop, to, request)?,
    };
    let elsewhere = backend.settings.shield.as_ref().filter(|shield| **shield != hop.pop.name);
    Ok(elsewhere.and_then(|shield| hop.world().pop(shield.as_str())).cloned())
}

fn has_shield(hop: &Hop) -> bool {
    hop.service.backends.values().any(|backend| backend.settings.shield.is_some())
}

/// Sends a request on to the shield, on behalf of a flight where it is led.
///
/// # Errors
/// Where it got no response there: what failed there has failed here, and what is stale here may answer instead.
pub(super) async fn send(
    hop: &Hop,
    to: Destination<'_>,
    pop: Arc<Pop>,
    (mut request, plan): (Request, CachePlan),
    under: Option<FlightId>,
) -> Result<FromShield> {
    let version = request.version();
    let fields = request.headers_mut();
    headers::add_via(fields, version);
    hops::mark(fields, hop.world().ids.node(), None);
    fields.remove(header::EXPECT);
    let entering = Entering {
        edge: hop.edge.clone(),
        pop,
        service: Arc::clone(&hop.service),
        hops: hop.descent(under),
        host: Arc::clone(&hop.host),
        along: hop.along.clone(),
        unsaid: None,
    };
    let shielded = Shielded { to: to.name().to_owned(), plan, matched: hop.matched().cloned() };
    let mut response = enter_shield(entering, shielded, request).await.map_err(|failed| {
        hop.note_behind(failed.headers);
        failed.error
    })?;
    let over = over(response.extensions_mut().remove::<Life>());
    Ok(FromShield { response, over })
}

/// What lives at the shield lives as long here; what the shield does not keep is not kept here either.
fn over(life: Option<Life>) -> Override {
    match life {
        Some(Life(life)) => {
            Override { storing: Storing::Store, life: Some(life), ..Override::default() }
        }
        None => Override { storing: Storing::Refuse, ..Override::default() },
    }
}

/// Goes on at the shield.
///
/// # Errors
/// As [`fetch`](super::fetch).
pub(crate) async fn go_on(
    hop: &Arc<Hop>,
    shielded: Shielded,
    request: Request,
) -> Result<Response> {
    let Shielded { to, plan, matched } = shielded;
    if let Some(matched) = matched {
        hop.keep_matched(|| matched);
    }
    let sending = Sending { plan, at_ms: hop.started_ms, unsaid: None };
    super::fetch(hop, hop.service.destination(&to)?, request, sending).await
}

/// At a shield: lets a response say how long it lives.
pub(super) fn say_life(hop: &Hop, head: &StoredHead, response: &mut Response) {
    if hop.is_at_shield() {
        let initial_age_ms = head.age_ms(hop.world().clock.now_ms());
        let life = Freshness { initial_age_ms, ..head.freshness() };
        response.extensions_mut().insert(Life(life));
    }
}
