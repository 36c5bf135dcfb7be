//! The first look at the shelf, which waits for nothing, apart from all that may have to wait.
//!
//! A hit ends here: whoever asks has its answer at once, and no future is made for it.

use http_body::Body as _;
use selvedge::{Request, Response, Result, cache::Hooks};
use selvedge_cache::{decision::PassReason, lookup::may_look_up};

use super::{
    Absent, Found, Looked,
    asked::Asked,
    find_out, look_at, pass,
    plan::{CachePlan, Sending, Use},
    stock,
};
use crate::{hop::Hop, world::Destination};

/// Sends a request to a backend or director, through the cache.
///
/// # Errors
/// Where no response was received and none could be served instead.
pub async fn fetch(hop: &Hop, to: Destination<'_>, sending: Sending) -> Result<Response> {
    match look(hop, to, sending) {
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
    Pass(Box<(Request, PassReason, Use)>),
    Absent(Box<(Asked, Absent)>),
}

/// Answers from the shelf, if that can be done at once: the part of [`fetch`] that waits for nothing.
pub fn look(hop: &Hop, to: Destination<'_>, sending: Sending) -> First {
    let Sending { mut request, plan, at_ms, unsaid } = sending;
    let (plan, may) = may_use(plan, &request);
    if let Err(reason) = may {
        unsaid.into_iter().for_each(|vouched| vouched.say(request.headers_mut()));
        return First::Open(Open(Without::Pass(Box::new((request, reason, plan)))));
    }
    let mut asked = Asked::of(hop, to, (request, unsaid), plan, at_ms);
    let stock = stock(hop, &mut asked);
    match look_at(hop, to, &asked, stock, None, at_ms) {
        Looked::Answered(found) => First::Answered(found),
        Looked::Absent(absent) => {
            First::Open(Open(Without::Absent(Box::new((asked.said(), absent)))))
        }
    }
}

/// Waits for whoever asks the same, or asks: the rest of [`fetch`].
///
/// # Errors
/// As [`fetch`].
pub async fn go_on(hop: &Hop, to: Destination<'_>, open: Open) -> Result<Response> {
    match open.0 {
        Without::Pass(pass) => {
            let (request, reason, plan) = *pass;
            pass::pass(hop, to, request, reason, &plan).await
        }
        Without::Absent(absent) => {
            let (asked, absent) = *absent;
            find_out(hop, to, asked, absent).await
        }
    }
}

/// How the cache is used, and why it is not where it is not. A GET with a body asks for something that the cache cannot
/// know the request by.
fn may_use(plan: CachePlan, request: &Request) -> (Use, Result<(), PassReason>) {
    match plan {
        CachePlan::Pass(reason) => {
            let hooks = Hooks::of(request.extensions());
            (Use { hooks, ..Use::default() }, Err(reason))
        }
        CachePlan::Use(plan) => {
            let read = may_look_up(request.method());
            let is_whole = request.body().is_end_stream();
            (plan, read.and_then(|()| is_whole.then_some(()).ok_or(PassReason::Body)))
        }
    }
}
