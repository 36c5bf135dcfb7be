//! The fetch pipeline: key, look up, decide, wait or ask, receive, admit, answer.
//!
//! A service sends a request to one of its backends through here, and through nothing else. What
//! the cache may do is decided in `selvedge-cache`; this module does what was decided. Requests that
//! want the same wait for one of them ([`flight`](crate::flight)).

mod admit;
mod answer;
mod asked;
mod body;
mod call;
mod came;
mod coding;
mod dispatch;
mod fallback;
mod first;
mod found;
mod handed;
mod hooks;
mod judge;
mod pass;
mod plan;
mod posted;
mod receive;
mod refresh;
mod rest;
mod route;
mod shielded;
mod told;
mod wait;

use std::sync::Arc;

use axum::response::IntoResponse;
use http::HeaderMap;
use selvedge::{Error, Host as _, Refusal, Response, Result};
use selvedge_cache::{
    decide::{Step, Stock, decide},
    decision::{MissReason, PassReason, Verdict},
    entry::Entry,
    key::Key,
    policy::Profile,
    rest::Rest,
    shelf::Began,
};

pub(crate) use self::{
    admit::may_go_on,
    answer::Told,
    body::Chunks,
    dispatch::probe,
    found::say,
    shielded::{Shielded, go_on as go_on_at_shield},
    wait::selecting,
};
pub use self::{
    answer::{FromShelf, SMALL},
    first::{First, Open, fetch, go_on_soon, look},
    found::{Found, Passed, Stored},
    plan::{CachePlan, Sending, Use, without_body},
};
use self::{
    asked::{Asked, Looking},
    call::Call,
    told::object,
    wait::{Turn, follow, is_marked, join},
};
use crate::{
    flight::{Ended, Joined, Lead},
    headers::Vouched,
    hop::Hop,
    world::Destination,
};

/// What is stored for a request. Where that was chosen by what the headers have yet to say, they say it, and it is
/// chosen once more: whatever is there by now, it was known before that the service has such objects.
fn stock(hop: &Hop, key: &Key, headers: &mut HeaderMap, unsaid: &mut Option<Vouched>) -> Stock {
    let stock = hop.pop.shelf.stock(key, headers);
    match unsaid.take_if(|_| hop.service.varies_by_client()) {
        None => stock,
        Some(vouched) => {
            vouched.say(headers);
            hop.pop.shelf.stock(key, headers)
        }
    }
}

/// What is known of what is not here.
struct Absent {
    reason: MissReason,
    candidates: Vec<Entry>,
    rest: Option<Rest>,
}

enum Looked {
    Answered(Found),
    Absent(Absent),
}

/// Answers from the shelf, if that can be. Who has waited for it before says so.
fn look_up(
    hop: &Hop,
    to: Destination<'_>,
    asked: &Asked,
    waited: Option<MissReason>,
    now_ms: u64,
) -> Looked {
    let stock = hop.pop.shelf.stock(&asked.key, &asked.headers);
    let refresh = |entry: &_| refresh::refresh(hop, to, asked.whole(), entry);
    look_at(hop, asked.looking(), stock, refresh, waited, now_ms)
}

fn look_at(
    hop: &Hop,
    looking: Looking<'_>,
    stock: Stock,
    refreshing: impl FnOnce(&Entry),
    waited: Option<MissReason>,
    now_ms: u64,
) -> Looked {
    match decide(&looking.request, stock, &hop.service.policy, looking.at_ms) {
        Step::Serve { entry, verdict, refresh } => {
            if refresh && entry.head.offer_refresh(looking.at_ms) {
                refreshing(&entry);
            }
            let told = match waited {
                Some(reason) => Told { collapsed: Some(true), ..Told::of(Verdict::Miss(reason)) },
                None => Told::of(verdict),
            };
            Looked::Answered(serve(hop, looking, entry, told, now_ms))
        }
        Step::Forward { reason, candidates, rest } => {
            Looked::Absent(Absent { reason, candidates, rest })
        }
        Step::OnlyIfCached => Looked::Answered(Found::Made(only_if_cached(looking.key))),
    }
}

/// Waits for whoever asks the same, or asks.
async fn find_out(
    hop: &Arc<Hop>,
    to: Destination<'_>,
    asked: Asked,
    mut absent: Absent,
) -> Result<Response> {
    let first = absent.reason;
    let mut waited = false;
    loop {
        if hop.service.policy.profile == Profile::Fastly && is_marked(hop, &asked) {
            return by_itself(hop, to, asked, PassReason::HitForPass).await;
        }
        let turn = match join(hop, &asked, absent.reason, &absent.candidates) {
            Joined::Ancestor => {
                return by_itself(hop, to, asked, PassReason::Ancestor).await;
            }
            Joined::Alone => Turn::Alone,
            // Who waits should not carry the room for what asking needs.
            Joined::Leads(lead) => {
                return Box::pin(ask(hop, to, asked, waited, lead)).await;
            }
            Joined::Follows(flight, waiting) => {
                waited = true;
                follow(hop, to, &asked, first, (flight, waiting)).await?
            }
        };
        match turn {
            Turn::Answered(response) => return Ok(response),
            Turn::Alone => {
                let began = hop.pop.shelf.begin();
                // The part may have been purged since the look.
                absent.rest = None;
                let call = call(hop, to, asked, absent, began).after_waiting(waited);
                return Box::pin(call.answer()).await;
            }
            Turn::Again => match look_up(hop, to, &asked, Some(first), hop.now_ms()) {
                Looked::Answered(found) => return Ok(found.into_response(hop)),
                Looked::Absent(now) => absent = now,
            },
        }
    }
}

/// Asks for all who want the same, if it is still not here: somebody may have fetched it between our
/// look and our lead.
async fn ask(
    hop: &Arc<Hop>,
    to: Destination<'_>,
    asked: Asked,
    waited: bool,
    lead: Lead,
) -> Result<Response> {
    // A purge that comes after the look counts for what it found.
    let began = hop.pop.shelf.begin();
    match look_up(hop, to, &asked, None, hop.now_ms()) {
        Looked::Answered(found) => {
            lead.end(Ended::Landed);
            Ok(found.into_response(hop))
        }
        Looked::Absent(absent) => {
            let call = call(hop, to, asked, absent, began).led(lead);
            call.after_waiting(waited).answer().await
        }
    }
}

fn call(hop: &Arc<Hop>, to: Destination<'_>, asked: Asked, absent: Absent, began: Began) -> Call {
    let Absent { reason, candidates, rest } = absent;
    let verdict = Verdict::Miss(reason);
    Call { rest, ..Call::new(hop, to.name(), asked, verdict, candidates, began) }
}

/// Without the cache, for a reason that was found on the way.
async fn by_itself(
    hop: &Arc<Hop>,
    to: Destination<'_>,
    asked: Asked,
    reason: PassReason,
) -> Result<Response> {
    Box::pin(pass::pass(hop, to, asked.request(), reason, &asked.plan)).await
}

/// Answers with what is stored, by the client's own conditions and range.
fn serve(hop: &Hop, looking: Looking<'_>, entry: Entry, told: Told, now_ms: u64) -> Found {
    if told.verdict.is_hit() || told.collapsed == Some(true) {
        entry.head.count_hit();
    }
    hop.note_object(|| object(hop, looking.key, &entry.head));
    answer::from_shelf(hop, looking, entry, told, now_ms)
}

fn only_if_cached(key: &Key) -> Response {
    Error::new(Refusal::OnlyIfCached, key.to_string()).into_response()
}
