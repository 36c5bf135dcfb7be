//! A POST whose answer is of its target: what GET gets from then on (RFC 9110 section 9.3.3).
//!
//! The write itself is a pass like any other. Where a purge or another write came while it was under way, nothing of it is
//! stored, whatever they were about.

use std::sync::Arc;

use http::Method;
use selvedge::{Request, Response};
use selvedge_cache::{
    decision::{NoStore, PassReason, Verdict},
    policy::{Override, Profile},
    written::{is_of_target, written},
};

use super::{
    admit,
    asked::Asked,
    call::{Answered, Call},
    judge::view,
    plan::Use,
    shielded,
};
use crate::{hop::Hop, world::Destination};

/// A POST that is about to be sent, as the GET that may be answered by what comes back.
pub(super) struct Posted {
    call: Call,
    target: String,
}

impl Posted {
    /// Of a request that passes the cache for its method alone, and that neither code nor a shield has a part in.
    pub(super) fn of(
        hop: &Arc<Hop>,
        to: Destination<'_>,
        request: &Request,
        reason: PassReason,
        plan: &Use,
    ) -> Option<Self> {
        let is_plain = reason == PassReason::Method
            && *request.method() == Method::POST
            && hop.service.policy.profile == Profile::Rfc
            && plan.hooks().are_none()
            && matches!(shielded::shield(hop, to, request), Ok(None));
        is_plain.then(|| {
            let asked = Asked::posted(hop, to, request, plan.clone());
            let began = hop.pop.shelf.begin();
            let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
            let verdict = Verdict::Pass(reason);
            let call = Call::new(hop, to.name(), asked, verdict, Vec::new(), began);
            Self { call, target: target.to_owned() }
        })
    }

    /// Where the answer is of the target, the rules have their say as with a GET.
    pub(super) fn judge(&self, host: &str, response: &mut Response) -> Option<Override> {
        if !is_of_target(&Method::POST, &(host, &self.target), &view(response)) {
            return None;
        }
        let plan = &self.call.asked.plan;
        plan.tag(response);
        let hop = &self.call.hop;
        Some(hop.service.judge(hop.matched(), response, plan.over()))
    }

    /// Takes the answer in for the shelf, after the write took away so many targets.
    ///
    /// # Errors
    /// The answer as it came, with why it is not stored.
    pub(super) fn admit(
        mut self,
        response: Response,
        over: &Override,
        gone: u64,
    ) -> Result<Answered, Box<(Response, NoStore)>> {
        let shelf = &self.call.hop.pop.shelf;
        let Some(began) = shelf.begin_after(&self.call.began, gone) else {
            return Err(Box::new((response, NoStore::Purged)));
        };
        match written(&self.call.exchange(over), &view(&response)) {
            Ok(head) => {
                self.call.began = began;
                self.call.hop.service.note_vary(response.headers());
                Ok(admit::admit(self.call, response, over, head, None))
            }
            Err(reason) => Err(Box::new((response, reason))),
        }
    }
}
