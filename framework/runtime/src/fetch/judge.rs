//! What the origin's answer is worth: the rules have their say, then the handler's hook, and by what they leave it is
//! judged.

use selvedge::{Request, Response, Result};
use selvedge_cache::{
    policy::{Override, Storing},
    receive::{Exchange, Received, receive},
    storable::ResponseView,
    when::Times,
};

use super::{
    answer::Outlived,
    call::Call,
    hooks,
    rest::{self, Completed},
    shielded::FromShield,
};

/// A response with what is said of it and what becomes of it.
pub(super) struct Judged {
    pub(super) response: Response,
    pub(super) over: Override,
    pub(super) received: Received,
}

impl Call {
    /// Sends a request as the handler's hook leaves it, and judges what comes back; at the shield, where there is one.
    pub(super) async fn exchange_with(&self, mut request: Request) -> Result<Judged> {
        if let Some(shielded) = self.send_to_shield(&mut request).await {
            return shielded.map(|from| self.take_over(from));
        }
        let hooks = &self.asked.plan.hooks();
        hooks::ask_for_the_whole(hooks, request.headers_mut());
        hooks::before(hooks, &mut request)?;
        let response = self.send(request).await?;
        match rest::completed(self.rest.as_ref(), response) {
            Completed::Whole(response) => self.judge(response),
            Completed::Unfit(response) => {
                let over = self.asked.plan.over();
                Ok(Judged { response, over, received: Received::Unselected })
            }
        }
    }

    /// The rules have their say, then the handler's hook; by what they leave it is judged.
    fn judge(&self, mut response: Response) -> Result<Judged> {
        let plan = &self.asked.plan;
        plan.tag(&mut response);
        hooks::mean_the_stored(&plan.hooks(), &self.candidates, &mut response);
        let matched = self.hop.matched();
        let mut over = self.hop.service.judge(matched, &mut response, plan.over());
        if response.extensions().get::<Outlived>().is_some() {
            over.storing = Storing::RefuseUnmarked;
        }
        self.hop.service.note_vary(response.headers());
        let received = receive(&self.exchange(&over), &view(&response));
        let judged = Judged { response, over, received };
        match plan.hooks().judges_candidates() {
            true => self.let_the_handler_judge(judged),
            false => Ok(judged),
        }
    }

    /// What the shield has judged is not judged anew.
    fn take_over(&self, FromShield { response, over }: FromShield) -> Judged {
        self.hop.service.note_vary(response.headers());
        match rest::completed(self.rest.as_ref(), response) {
            Completed::Whole(response) => {
                let received = receive(&self.exchange(&over), &view(&response));
                Judged { response, over, received }
            }
            Completed::Unfit(response) => Judged { response, over, received: Received::Unselected },
        }
    }

    fn let_the_handler_judge(&self, judged: Judged) -> Result<Judged> {
        let Judged { response, over, received } = judged;
        let exchange = self.exchange(&over);
        match hooks::Suggested::of(&received, &exchange, response.headers()) {
            None => Ok(Judged { response, over, received }),
            Some(suggested) => {
                let hooks::After { response, said } =
                    hooks::after(&self.asked.plan.hooks(), response, suggested)?;
                let over = said.or(over);
                let received = receive(&self.exchange(&over), &view(&response));
                Ok(Judged { response, over, received })
            }
        }
    }

    pub(super) fn exchange<'b>(&'b self, over: &'b Override) -> Exchange<'b> {
        Exchange {
            request: self.asked.view(),
            candidates: &self.candidates,
            policy: &self.hop.service.policy,
            over,
            times: Times {
                requested_at_ms: self.sent_ms,
                received_at_ms: self.hop.world().clock.now_ms(),
            },
        }
    }
}

pub(super) fn view(response: &Response) -> ResponseView<'_> {
    ResponseView { status: response.status(), headers: response.headers() }
}
