//! A pass that is handed to a service in the process, in one call: what that one answers at once is answered at once, and
//! what it has stored stays as it is.
//!
//! Whether it goes that way is found out before anything is done for it; whatever has to wait is `pass`. So is what may
//! change something, since its answer has more to do here than to go through.

use std::sync::Arc;

use selvedge::{Request, Response, Result};
use selvedge_cache::{
    decision::{NoStore, PassReason, Verdict},
    invalidate::is_safe,
};

use super::{
    answer::{self, Told},
    dispatch::{self, Local},
    found::{Found, Passed},
    hooks, pass,
    plan::Use,
    shielded,
    told::{failed, note},
};
use crate::{headers::Vouched, hop::Hop, reply::Reply, soon::Soon, world::Destination};

/// A request on its way past the cache.
pub(super) struct Passing {
    pub(super) request: Request,
    pub(super) reason: PassReason,
    pub(super) plan: Use,
    /// What its headers have yet to say of the client; a service in the process may do without, too.
    pub(super) unsaid: Option<Vouched>,
}

impl Passing {
    /// With all that its headers say of the client.
    pub(super) fn said(mut self) -> Self {
        let unsaid = self.unsaid.take();
        unsaid.into_iter().for_each(|vouched| vouched.say(self.request.headers_mut()));
        self
    }
}

/// Hands it to a service in the process, if that is where it goes; else it is sent when somebody waits for it.
pub(super) fn soon(hop: &Arc<Hop>, to: Destination<'_>, passing: Passing) -> Soon<Result<Found>> {
    let Some(local) = local(hop, to, &passing.request) else {
        let (hop, to) = (Arc::clone(hop), to.name().to_owned());
        return Soon::Later(Box::pin(async move {
            let Passing { request, reason, plan, .. } = passing.said();
            let to = hop.service.destination(&to)?;
            pass::pass(&hop, to, request, reason, &plan).await.map(Found::Made)
        }));
    };
    let Passing { mut request, reason, plan, unsaid } = passing;
    let ready = hooks::before(&plan.hooks(), &mut request);
    match ready.and_then(|()| local.enter((request, unsaid), None)) {
        Ok(answer) => {
            let hop = Arc::clone(hop);
            answer.then(move |reply| Ok(answered(&hop, reason, reply)))
        }
        Err(error) => Soon::Now(failed(hop, Told::of(Verdict::Pass(reason)), error)),
    }
}

/// The service in the process that a request goes to, if it changes nothing and no shield is in between.
fn local<'a>(hop: &'a Hop, to: Destination<'a>, request: &Request) -> Option<Local<'a>> {
    match shielded::shield(hop, to, request) {
        Ok(None) if is_safe(request.method()) => dispatch::local(hop, to, request),
        Ok(_) | Err(_) => None,
    }
}

/// The answer, which stays as it is stored if nobody here changes it.
fn answered(hop: &Hop, reason: PassReason, reply: Reply) -> Found {
    let told = pass::passed(reason, NoStore::PassRequested);
    note(hop, told);
    match reply {
        Reply::Stored(from) if !changes_responses(hop) => Found::Passed(Passed { from, told }),
        reply => {
            let mut response = reply.into_response();
            change(hop, &mut response);
            answer::say(hop, None, &mut response, told);
            Found::Made(response)
        }
    }
}

fn changes_responses(hop: &Hop) -> bool {
    hop.service.rules().is_some_and(|rules| rules.change_responses())
}

fn change(hop: &Hop, response: &mut Response) {
    if let Some((rules, matched)) = hop.service.rules().zip(hop.matched()) {
        rules.change_origin(matched, response);
    }
}
