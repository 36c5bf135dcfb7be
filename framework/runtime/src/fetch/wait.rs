//! A request that waits for another's answer.

use std::{sync::Arc, time::Duration};

use futures_util::future::{Either, select};
use http::HeaderName;
use selvedge::{Error, Host as _, Refusal, Response, Result};
use selvedge_cache::{
    collapse::{Role, role},
    decision::{MissReason, Verdict},
    entry::Entry,
    policy::Profile,
    validate::can_validate,
};

use super::{
    answer::{self, Told},
    asked::Asked,
    serve,
    shielded::say_life,
    told::{failed, note_landing},
};
use crate::{
    flight::{Ended, Flight, FlightId, Joined, Landing, Phase, Question, Stale, Waiting},
    hop::Hop,
    world::Destination,
};

/// What a request does after its wait.
pub(super) enum Turn {
    /// It has its answer.
    Answered(Response),
    /// It looks again: the answer may lie on the shelf, or it is its turn to ask.
    Again,
    /// It asks for itself.
    Alone,
}

/// What a request that was not answered from the shelf does first.
pub(super) fn join(hop: &Hop, asked: &Asked, reason: MissReason, candidates: &[Entry]) -> Joined {
    let role = match asked.plan.collapse && !is_marked(hop, asked) {
        true => role(&asked.view(), reason, asks_whole(hop, asked, candidates)),
        false => Role::Alone,
    };
    let vary = selecting(candidates);
    let ancestors = hop.ancestors();
    let question = question(asked, &role, &vary, &ancestors);
    hop.pop.flights.join(&question, &hop.pop.shelf)
}

/// Whether those who ask this go side by side for a while.
pub(super) fn is_marked(hop: &Hop, asked: &Asked) -> bool {
    hop.pop.flights.is_marked(&asked.key, asked.is_authorized(), asked.at_ms)
}

/// Waits for what comes of a flight.
///
/// # Errors
/// [`Refusal::LookupTimeout`], where the handler has set how long to wait.
pub(super) async fn follow(
    hop: &Hop,
    to: Destination<'_>,
    asked: &Asked,
    reason: MissReason,
    (flight, waiting): (Arc<Flight>, Waiting),
) -> Result<Turn> {
    // As long as it would have waited for the origin itself.
    let limit = asked.plan.lookup_timeout().unwrap_or_else(|| to.patience());
    let told = Told { collapsed: Some(true), ..Told::of(Verdict::Miss(reason)) };
    // However often it has to wait again, it does not wait longer than that.
    let left = limit.saturating_sub(since(hop, asked));
    Ok(match within(hop, left, flight.told()).await {
        Some(Phase::Coming(landing)) => match landed(hop, asked, &landing, told) {
            Turn::Answered(response) => Turn::Answered(waiting.while_read(response)),
            turn => turn,
        },
        Some(Phase::Over(Ended::Failed(Some(stale)))) => stood_in(hop, asked, &stale, told),
        Some(Phase::Over(Ended::Unshared)) => Turn::Alone,
        Some(Phase::Asking | Phase::Over(_)) => Turn::Again,
        None if asked.plan.lookup_timeout().is_none() => Turn::Alone,
        None => return late(hop, limit, told),
    })
}

fn since(hop: &Hop, asked: &Asked) -> Duration {
    Duration::from_millis(hop.world().clock.now_ms().saturating_sub(asked.at_ms))
}

async fn within<T>(hop: &Hop, limit: Duration, told: impl Future<Output = T>) -> Option<T> {
    let limit_ms = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
    let late = hop.world().clock.sleep(limit_ms);
    match select(std::pin::pin!(told), late).await {
        Either::Left((told, _)) => Some(told),
        Either::Right(_) => None,
    }
}

/// The answer's head is there; whether it fits is known only now.
fn landed(hop: &Hop, asked: &Asked, landing: &Landing, told: Told) -> Turn {
    if !landing.fits(&question(asked, &Role::Alone, &[], &[]), &hop.pop.shelf) {
        return Turn::Again;
    }
    let now_ms = hop.world().clock.now_ms();
    let Some(mut response) = landing.answer(&asked.method, &asked.headers, now_ms) else {
        return Turn::Alone;
    };
    landing.head.count_hit();
    say_life(hop, &landing.head, &mut response);
    note_landing(hop, asked, landing, told);
    answer::say_aged(hop, asked, &mut response, told, landing.head.ttl_ms(now_ms));
    Turn::Answered(response)
}

/// The origin failed for who asked, and so it would for who waited.
fn stood_in(hop: &Hop, asked: &Asked, stale: &Stale, told: Told) -> Turn {
    match stale.fits(&question(asked, &Role::Alone, &[], &[]), &hop.pop.shelf) {
        true => {
            let told = Told { verdict: Verdict::Stale(stale.permission), ..told };
            let entry = stale.entry.clone();
            let found = serve(hop, asked.looking(), entry, told, hop.now_ms());
            Turn::Answered(found.into_response(hop))
        }
        false => Turn::Again,
    }
}

fn late(hop: &Hop, limit: Duration, told: Told) -> Result<Turn> {
    let detail = format!("another request's answer did not come within {} ms", limit.as_millis());
    let told = Told { collapsed: Some(false), ..told };
    failed(hop, told, Error::new(Refusal::LookupTimeout, detail))
}

fn question<'a>(
    asked: &'a Asked,
    role: &'a Role,
    vary: &'a [HeaderName],
    ancestors: &'a [FlightId],
) -> Question<'a> {
    let (key, headers, order) = (&asked.key, &asked.headers, asked.order);
    Question { key, role, headers, vary, ancestors, asked: order, at_ms: asked.at_ms }
}

/// Under `fastly` everything is fetched whole; otherwise what is validated is.
fn asks_whole(hop: &Hop, asked: &Asked, candidates: &[Entry]) -> bool {
    let validates = candidates.iter().any(can_validate);
    let is_get = asked.method == http::Method::GET;
    hop.service.policy.profile == Profile::Fastly || (is_get && validates)
}

/// The fields by which the variants that are stored already are selected.
pub(crate) fn selecting(candidates: &[Entry]) -> Vec<HeaderName> {
    let names = candidates.iter().flat_map(|entry| entry.head.variant.names());
    let mut names: Vec<HeaderName> = names.cloned().collect();
    names.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
    names.dedup();
    names
}
