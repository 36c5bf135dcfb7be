//! A delivery service at work: its rules on the way in, and on an answer's way out.
//!
//! What rules say is found in [`Rules`]; this module does it. All of them see the request as it came in: they are matched
//! once, and what they found stays with the [`Hop`]. What they say of a backend's response before the cache judges it is
//! done where it is judged (`fetch/judge`).

mod end;

use std::{mem, sync::Arc};

use http::{HeaderMap, Method, uri::PathAndQuery};
use selvedge::{Request, Response, Result};

use crate::{
    esi,
    fetch::{self, First, Found, Sending, Use},
    headers::Vouched,
    hop::Hop,
    purge,
    soon::Soon,
    world::{Facts, Matched, Met, Rules, Template},
};

/// Answers a request by rules, at once where that can be done; what they leave open goes to the named backend or director.
/// What is not answered from the shelf is taken.
///
/// # Errors
/// Where a rule denies it, a purge is refused, or there is no such backend; what comes later is an error where no response
/// was received and none could be served instead.
pub fn answer(
    hop: &Arc<Hop>,
    (rules, backend): (&Rules, &str),
    request: &mut Request,
    unsaid: Option<Vouched>,
) -> Result<Soon<Result<Found>>> {
    if rules.are_none() && !purge::is_purge(request.method()) {
        let plan = hop.plan_for(None, Use::default());
        return send(hop, backend, request, Sending { plan, at_ms: hop.started_ms, unsaid });
    }
    answer_by(hop, (rules, backend), request, unsaid)
}

fn answer_by(
    hop: &Arc<Hop>,
    (rules, backend): (&Rules, &str),
    request: &mut Request,
    mut unsaid: Option<Vouched>,
) -> Result<Soon<Result<Found>>> {
    let matched = hop.keep_matched(|| match_request(hop, rules, request));
    if let Some((end, rule)) = rules.end(matched) {
        let ended = end::answer(end, rule, (request.method(), request.uri().path_and_query()));
        return Ok(Soon::Now(ended.map(Found::Made)));
    }
    if purge::is_purge(request.method()) {
        return Ok(Soon::Now(purge::port::answer(hop, mem::take(request)).map(Found::Made)));
    }
    let taken = esi::expect(hop, rules.template(matched), request, unsaid.as_ref());
    // What we vouch for is of the request as it came in: the Host that the client named.
    if let Some(vouched) = unsaid.take_if(|_| rules.host(matched).is_some()) {
        vouched.say(request.headers_mut());
    }
    rules.rewrite(matched, request)?;
    let name = rules.backend(matched).unwrap_or(backend);
    let collapse = rules.collapse(matched);
    let plan = hop.plan_for(rules.pass(matched), Use::by_rules(collapse));
    let sending = Sending { plan, at_ms: hop.started_ms, unsaid };
    let Some(taken) = taken else { return send(hop, name, request, sending) };
    let again = (taken.given_back(request), sending.clone());
    match fetch::look(hop, hop.service.destination(name)?, request, sending) {
        First::Answered(found) => {
            let response = template(hop, name, (rules, matched), found, again)?;
            Ok(Soon::Now(Ok(Found::Made(response))))
        }
        First::Open(open) => Ok(fetch::go_on_soon(hop, name, open)),
    }
}

/// Sends a request to this backend or director.
fn send(
    hop: &Arc<Hop>,
    name: &str,
    request: &mut Request,
    sending: Sending,
) -> Result<Soon<Result<Found>>> {
    Ok(match fetch::look(hop, hop.service.destination(name)?, request, sending) {
        First::Answered(found) => Soon::Now(Ok(found)),
        First::Open(open) => fetch::go_on_soon(hop, name, open),
    })
}

/// What was to be a template. If what is stored turns out to be none, the client's conditions and its range count.
fn template(
    hop: &Arc<Hop>,
    name: &str,
    (rules, matched): (&Rules, &Matched),
    found: Found,
    (mut request, sending): (Request, Sending),
) -> Result<Response> {
    let response = found.into_response(hop);
    if rules.is_template(matched, response.status(), response.headers()) {
        return Ok(response);
    }
    Ok(match fetch::look(hop, hop.service.destination(name)?, &mut request, sending) {
        First::Answered(found) => found.into_response(hop),
        First::Open(_) => response,
    })
}

fn match_request(hop: &Hop, rules: &Rules, request: &Request) -> Matched {
    let matched = rules.match_request(&Facts {
        method: request.method(),
        host: &hop.host,
        uri: request.uri(),
        headers: request.headers(),
        client: hop.along.client,
    });
    rules.count(&matched);
    matched
}

/// An answer on its way to the client, and the rules that have the last word on its headers.
pub struct Left {
    /// The answer, or what rules put in its place.
    pub response: Response,
    /// The rules for this request and what was to be answered.
    pub met: Option<Met>,
    /// Whether a rule that looks at answers has put its own in the place of this one.
    pub is_own: bool,
}

/// Lets the rules that look at answers see this one. What we say of a purge is not theirs to change, and what goes from a
/// shield to the POP in front leaves the service there.
#[must_use]
pub fn leave(hop: &Hop, asked: (&Method, Option<&PathAndQuery>), response: Response) -> Left {
    let at_work = hop.service.rules().zip(hop.matched());
    let sees = |rules: &Rules| rules.see_answers() && !hop.is_at_shield();
    let Some((rules, matched)) = at_work.filter(|(rules, _)| sees(rules)) else {
        return Left { response, met: None, is_own: false };
    };
    let is_ended = rules.end(matched).is_some();
    if purge::is_purge(asked.0) && !is_ended {
        return Left { response, met: None, is_own: false };
    }
    let met = rules.match_response(matched, response.status(), response.headers());
    rules.count_late(&met);
    let end = rules.end_late(&met).filter(|_| !is_ended);
    let is_own = end.is_some();
    let response = match end {
        Some((end, rule)) => end::answer_anyway(end, rule, asked),
        None => response,
    };
    Left { response, met: Some(met), is_own }
}

/// Whether no rule looks at answers, changes them, or takes this one for a template.
#[must_use]
pub fn lets_be(hop: &Hop) -> bool {
    hop.service.rules().is_some_and(|rules| {
        let is_none = |matched| matches!(rules.template(matched), Template::No);
        rules.are_none() || (!rules.see_answers() && hop.matched().is_some_and(is_none))
    })
}

/// Changes the headers of an answer that is complete but for that.
pub fn last_word(hop: &Hop, met: Option<&Met>, headers: &mut HeaderMap) {
    if let Some((rules, met)) = hop.service.rules().zip(met) {
        rules.change_answer(met, headers);
    }
}
