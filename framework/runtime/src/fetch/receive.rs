//! What the origin's answer means: for what is stored, for who asked, and for those who wait.

use http::{Method, StatusCode, header};
use selvedge::{Error, Host, Response, Result};
use selvedge_cache::{
    decision::{NoStore, Verdict},
    mark::mark_after,
    outdated::outdated,
    policy::{Override, Storing},
    receive::{Received, Renewed, instead, receive_head},
    stale::Failure,
};

use super::{
    admit,
    answer::{self, Told},
    call::{Answered, Call},
    judge::{Judged, view},
    serve,
    told::{failed, forbidden, note},
};
use crate::flight::{Ended, Stale, is_usable};

impl Call {
    /// Does what was judged.
    pub(super) async fn receive(mut self, judged: Judged) -> Answered {
        let Judged { response, over, received } = judged;
        let status = response.status();
        match received {
            Received::Renewed(renewed) => match self.renewed(renewed) {
                Some(response) => (Ok(response), None),
                None => Box::pin(self.again()).await,
            },
            Received::Unselected => Box::pin(self.again()).await,
            Received::ServeStale(entry, permission) => {
                let stale = Stale { entry, permission, began: self.began.clone() };
                self.end(Ended::Failed(Some(stale.clone())));
                (Ok(self.stale(&stale, Some(status))), None)
            }
            Received::Store(_) | Received::StorePart(..) | Received::Forward(_) => {
                self.update_by_head(&response, &over);
                self.outdate(status, &over, &received);
                self.finish(response, &over, received)
            }
        }
    }

    /// Asks without conditions of ours: the answer to them was about nothing that is stored.
    async fn again(mut self) -> Answered {
        self.candidates.clear();
        self.rest = None;
        match self.exchange_with(self.asked.request()).await {
            Ok(Judged { response, over, received }) => self.finish(response, &over, received),
            Err(error) => (self.failed(error), None),
        }
    }

    fn finish(self, response: Response, over: &Override, received: Received) -> Answered {
        match received {
            Received::Store(head) => admit::admit(self, response, over, head, None),
            Received::StorePart(head, range) => {
                admit::admit(self, response, over, head, Some(range))
            }
            Received::Forward(reason) => (Ok(self.unshared(response, over, reason)), None),
            // Nothing was asked about that a 304 could mean, or a failure could be bridged with.
            Received::Renewed(_) | Received::Unselected | Received::ServeStale(..) => {
                (Ok(self.unshared(response, over, NoStore::Status)), None)
            }
        }
    }

    /// The answer is only for who asked. Those who wait go side by side where that is to be expected of the next
    /// answers too, and one after the other where it is not.
    pub(super) fn unshared(
        mut self,
        response: Response,
        over: &Override,
        reason: NoStore,
    ) -> Response {
        let marked = match over.storing {
            Storing::RefuseUnmarked => None,
            _ => {
                let profile = self.hop.service.policy.profile;
                mark_after(response.status(), response.headers(), reason, profile)
            }
        };
        let ended = match marked {
            Some(for_ms) => {
                let until_ms = self.hop.now_ms().saturating_add(for_ms);
                let authorized = self.asked.is_authorized();
                self.hop.pop.flights.mark(&self.asked.key, authorized, until_ms);
                Ended::Unshared
            }
            None => Ended::LeftOff,
        };
        self.end(ended);
        let told = Told { not_stored: Some(reason), ..self.forwarded() };
        self.tell(self.as_asked(response), told)
    }

    /// A whole response for a client who asked for its head only.
    fn as_asked(&self, response: Response) -> Response {
        match self.client().method == Method::HEAD && self.asked.method != Method::HEAD {
            true => response.map(|_| selvedge::Body::empty()),
            false => response,
        }
    }

    /// Says in the header and to the hop what was done.
    pub(super) fn tell(&self, mut response: Response, told: Told) -> Response {
        note(&self.hop, told);
        answer::say(&self.hop, Some(self.client()), &mut response, told);
        response
    }

    /// The first of the renewed entries answers; all that may be kept are.
    fn renewed(&mut self, renewed: Vec<Renewed>) -> Option<Response> {
        let shelf = &self.hop.pop.shelf;
        let mut first = None;
        for renewed in renewed {
            let settled = shelf.renew(&self.asked.key, renewed, &self.began);
            first.get_or_insert(settled);
        }
        let (entry, keep) = first?;
        self.end(match keep {
            Ok(()) if is_usable(&entry.head, self.sent_ms) => Ended::Landed,
            Ok(()) => Ended::Unshared,
            Err(_) => Ended::LeftOff,
        });
        let told = Told {
            fwd_status: Some(StatusCode::NOT_MODIFIED),
            not_stored: keep.err(),
            ..self.forwarded()
        };
        let found = serve(&self.hop, self.client().looking(), entry, told, self.hop.now_ms());
        Some(found.into_response(&self.hop))
    }

    pub(super) fn stale(&self, stale: &Stale, fwd_status: Option<StatusCode>) -> Response {
        let told = Told { fwd_status, ..self.told(Verdict::Stale(stale.permission)) };
        let entry = stale.entry.clone();
        let found = serve(&self.hop, self.client().looking(), entry, told, self.hop.now_ms());
        found.into_response(&self.hop)
    }

    /// The origin could not be asked, or the handler refuses what it said.
    pub(super) fn failed(mut self, error: Error) -> Result<Response> {
        let stale = instead(&self.exchange(&self.asked.plan.over()), Failure::Disconnected);
        let began = self.began.clone();
        let stale = stale.map(|(entry, permission)| Stale { entry, permission, began });
        self.end(Ended::Failed(stale.clone()));
        match stale {
            Some(stale) => {
                self.hop.log(&format!("served stale, masking: {}", error.chain()));
                Ok(self.stale(&stale, None))
            }
            None => {
                let told = self.forwarded();
                failed(&self.hop, told, forbidden(&self.candidates, error))
            }
        }
    }

    /// Takes away what the answer is in the place of.
    fn outdate(&self, status: StatusCode, over: &Override, received: &Received) {
        for entry in outdated(&self.exchange(over), status, received) {
            self.hop.pop.shelf.outdate(&self.asked.key, &entry);
        }
    }

    /// What HEAD says of the stored answers to GET (RFC 9111 section 4.3.5).
    fn update_by_head(&self, response: &Response, over: &Override) {
        if self.asked.method != Method::HEAD {
            return;
        }
        let shelf = &self.hop.pop.shelf;
        let stored = shelf.find(&self.asked.key, &self.asked.headers);
        for entry in receive_head(&self.exchange(over), &view(response), &stored) {
            shelf.put(self.asked.key.clone(), entry, &self.began);
        }
    }
}

/// Whether a response that is about to be stored has a cookie in it, which its service should know.
pub(super) fn has_cookie(response: &Response) -> bool {
    response.headers().contains_key(header::SET_COOKIE)
}
