//! What is told of a hop when it is over: one event, to whoever listens.

use http::{Method, StatusCode, uri::PathAndQuery};
use selvedge::{Error, Request};

use super::took;
use crate::{
    hop::{Hop, Outcome},
    reply::AsStored,
    trace::HopEvent,
};

/// What the event tells of the request, kept because the handler takes the request itself.
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) target: Option<PathAndQuery>,
}

impl Asked {
    pub(super) fn of(request: &Request) -> Self {
        Self { method: request.method().clone(), target: request.uri().path_and_query().cloned() }
    }
}

/// Tells of it, if anybody wants to hear.
pub(super) fn tell(hop: &Hop, asked: &Asked, status: StatusCode, error: Option<&Error>) {
    if hop.world().tell.wants(error.is_some()) {
        hop.world().tell.hop(&event((hop, hop.outcome()), asked, status, error));
    }
}

/// The same of a hop that answers with what is stored, as it is.
pub(super) fn tell_stored(reply: &AsStored, asked: &Asked) {
    let hop = reply.hop();
    if hop.world().tell.wants(false) {
        hop.world().tell.hop(&event((hop, reply.outcome()), asked, reply.status(), None));
    }
}

fn event(
    (hop, outcome): (&Hop, Outcome),
    asked: &Asked,
    status: StatusCode,
    error: Option<&Error>,
) -> HopEvent {
    HopEvent {
        request_id: hop.along.id.to_string(),
        service: hop.service.name().to_owned(),
        pop: hop.pop.name.as_str().to_owned(),
        hop: hop.number(),
        method: asked.method.to_string(),
        target: asked.target.as_ref().map_or_else(String::new, ToString::to_string),
        status: status.as_u16(),
        verdict: outcome.verdict,
        not_stored: outcome.not_stored,
        collapsed: outcome.collapsed,
        refused: error.map(|error| (error.refusal(), error.chain())),
        flag: hop.flag(),
        took_ms: took(hop),
    }
}
