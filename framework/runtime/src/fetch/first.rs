//! The first look at the shelf, which waits for nothing, apart from all that may have to wait.
//!
//! A hit ends here: whoever asks has its answer at once, and no future is made for it.

use std::{mem, sync::Arc};

use http_body::Body as _;
use selvedge::{Request, Response, Result, cache::Hooks};
use selvedge_cache::{decision::PassReason, lookup::may_look_up, storable::RequestView};

use super::{
    Absent, Found, Looked,
    asked::{Asked, Looking, key},
    find_out,
    handed::{self, Passing},
    look_at, pass,
    plan::{CachePlan, Sending, Use, without_body},
    refresh, stock,
};
use crate::{hop::Hop, soon::Soon, world::Destination};

/// Sends a request to a backend or director, through the cache.
///
/// # Errors
/// Where no response was received and none could be served instead.
pub async fn fetch(
    hop: &Arc<Hop>,
    to: Destination<'_>,
    mut request: Request,
    sending: Sending,
) -> Result<Response> {
    match look(hop, to, &mut request, sending) {
        First::Answered(found) => Ok(found.into_response(hop)),
        // A hit should not carry the room for what a miss needs.
        First::Open(open) => Box::pin(go_on(hop, to, open)).await,
    }
}

/// What the first look at the shelf gave.
pub enum First {
    /// An answer.
    Answered(Found),
    /// None yet.
    Open(Open),
}

/// A request to which the shelf had no answer.
pub struct Open(Without);

enum Without {
    Pass(Box<Passing>),
    Absent(Box<(Asked, Absent)>),
}

/// Answers from the shelf, if that can be done at once: the part of [`fetch`] that waits for nothing. What the shelf has
/// no answer to is taken; a hit leaves the request where it is.
pub fn look(hop: &Hop, to: Destination<'_>, request: &mut Request, sending: Sending) -> First {
    let Sending { plan, at_ms, mut unsaid } = sending;
    let plan = match may_use(plan, request) {
        Ok(plan) => plan,
        Err((reason, plan)) => {
            let passing = Passing { request: mem::take(request), reason, plan, unsaid };
            return First::Open(Open(Without::Pass(Box::new(passing))));
        }
    };
    // What is purged from now on was not purged when this was asked.
    let order = hop.pop.shelf.order();
    let key = key(hop, to, request);
    let stock = stock(hop, &key, request.headers_mut(), &mut unsaid);
    let asked =
        |request| Asked::of(request, (key.clone(), order), plan.clone(), (at_ms, unsaid.clone()));
    let refresh =
        |entry: &_| refresh::refresh(hop, to, asked(without_body(request)).whole(), entry);
    let view = RequestView { method: request.method(), headers: request.headers() };
    let looking = Looking { request: view, key: &key, at_ms };
    match look_at(hop, looking, stock, refresh, None, at_ms) {
        Looked::Answered(found) => First::Answered(found),
        Looked::Absent(absent) => {
            let asked = asked(mem::take(request)).said();
            First::Open(Open(Without::Absent(Box::new((asked, absent)))))
        }
    }
}

/// Goes on with what the shelf had no answer to: at once where another service in the process answers at once, else
/// in a while.
///
/// # Errors
/// Where there is no such backend or director; and as [`fetch`].
pub fn go_on_soon(hop: &Arc<Hop>, to: &str, open: Open) -> Soon<Result<Found>> {
    match open.0 {
        Without::Pass(pass) => match hop.service.destination(to) {
            Ok(to) => handed::soon(hop, to, *pass),
            Err(error) => Soon::Now(Err(error)),
        },
        Without::Absent(absent) => {
            let (hop, to) = (Arc::clone(hop), to.to_owned());
            Soon::Later(Box::pin(async move {
                let to = hop.service.destination(&to)?;
                go_on(&hop, to, Open(Without::Absent(absent))).await.map(Found::Made)
            }))
        }
    }
}

/// Waits for whoever asks the same, or asks: the rest of [`fetch`].
async fn go_on(hop: &Arc<Hop>, to: Destination<'_>, open: Open) -> Result<Response> {
    match open.0 {
        Without::Pass(passing) => {
            let Passing { request, reason, plan, .. } = passing.said();
            pass::pass(hop, to, request, reason, &plan).await
        }
        Without::Absent(absent) => {
            let (asked, absent) = *absent;
            find_out(hop, to, asked, absent).await
        }
    }
}

/// How the cache is used; where it is not, why. A GET with a body asks for something that the cache cannot know the
/// request by.
fn may_use(plan: CachePlan, request: &Request) -> Result<Use, (PassReason, Use)> {
    match plan {
        CachePlan::Pass(reason) => Err((reason, Use::hooked(Hooks::of(request.extensions())))),
        CachePlan::Use(plan) => match may_look_up(request.method()) {
            Ok(()) if request.body().is_end_stream() => Ok(plan),
            Ok(()) => Err((PassReason::Body, plan)),
            Err(reason) => Err((reason, plan)),
        },
    }
}
