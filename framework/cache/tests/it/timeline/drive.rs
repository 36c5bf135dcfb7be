//! Plays a script against a shelf as a service does: key, look up, decide, ask, receive, admit, answer.
//!
//! Only glue: every decision is the crate's. The order of the steps is that of the runtime's fetch pipeline.

use http::{HeaderMap, Method, StatusCode};
use selvedge_cache::decide::{Step, decide};
use selvedge_cache::validate::strip_for_storing;
use selvedge_cache::written::is_of_target;
use selvedge_cache::{
    Entry, Key, MissReason, NoStore, Override, PassReason, Profile, RequestView, ResponseView,
    Shelf, Verdict, answer, may_look_up, targets,
};

use super::expect::check;
use super::forward::{complete, forward, post};
use super::origin::{Origin, Reply, Sent};
use super::script::{Exchange, Failure, Script};
use super::settings::Settings;
use super::told::{Told, body, error, times, with_status};

/// Small enough that a case can overfill it: objects may have 8 KiB.
const BUDGET: u64 = 64 * 1024;

pub(crate) fn failures(script: &Script) -> Vec<Failure> {
    failures_within(BUDGET, script)
}

pub(crate) fn failures_within(budget: u64, script: &Script) -> Vec<Failure> {
    let world = World { shelf: Shelf::new(budget), settings: &script.settings };
    let play = |exchange: &Exchange| check(exchange, &world.play(exchange)).err();
    let failure = |exchange: &Exchange| play(exchange).map(|what| (exchange.line, what));
    script.exchanges.iter().filter_map(failure).collect()
}

pub(crate) struct World<'a> {
    pub(crate) shelf: Shelf,
    pub(crate) settings: &'a Settings,
}

/// What came of an exchange.
pub(crate) struct Outcome {
    /// The verdict, and what became of the origin's answer.
    pub(crate) words: Vec<String>,
    /// What the client got; an error of our own has neither headers nor body.
    pub(crate) reply: Reply,
    /// What the origin was asked.
    pub(crate) sent: Vec<Sent>,
}

/// A request as the cache sees it, kept for when the answer has come.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) key: Key,
    pub(crate) sent_ms: u64,
    pub(crate) over: Override,
}

/// What the client gets, with the words for it.
pub(crate) type Answered = (Vec<String>, Reply);

impl World<'_> {
    fn play(&self, exchange: &Exchange) -> Outcome {
        let origin = Origin::new(exchange);
        let (mut words, reply) = match may_use(exchange) {
            Ok(()) => self.fetch(exchange, &origin),
            Err(reason) => self.pass(exchange, &origin, reason),
        };
        words.push(format!("status={}", reply.status.as_u16()));
        words.push(format!("body={}", String::from_utf8_lossy(&reply.body)));
        words.push(format!("asked={}", origin.asked()));
        Outcome { words, reply, sent: origin.into_sent() }
    }

    fn fetch(&self, exchange: &Exchange, origin: &Origin<'_>) -> Answered {
        let asked = self.asked(exchange);
        let stock = self.shelf.stock(&asked.key, &asked.headers);
        match decide(&asked.view(), stock, &self.settings.policy, asked.sent_ms) {
            Step::Serve { entry, verdict, refresh } => {
                let refresh = refresh && entry.head.offer_refresh(asked.sent_ms);
                let (mut words, reply) = self.serve(origin, &asked, &entry, Told::of(verdict));
                words.extend(refresh.then(|| self.refresh(origin, &asked, entry)));
                (words, reply)
            }
            Step::Forward { reason, candidates: _, rest: Some(rest) } => {
                complete(self, origin, &asked, reason, &rest)
            }
            Step::Forward { reason, candidates, rest: None } => {
                forward(self, origin, &asked, reason, &candidates)
            }
            Step::OnlyIfCached => {
                (vec!["only-if-cached".to_owned()], error(StatusCode::GATEWAY_TIMEOUT))
            }
        }
    }

    fn asked(&self, exchange: &Exchange) -> Asked {
        Asked {
            method: exchange.method.clone(),
            headers: exchange.request.clone(),
            key: self.key(exchange, &exchange.path),
            sent_ms: exchange.at_ms,
            over: exchange.over,
        }
    }

    fn key(&self, exchange: &Exchange, path: &str) -> Key {
        Key::with_rules("shop", &exchange.host, path, &self.settings.keys, &exchange.request)
    }

    /// Answers with what is stored, by the client's own conditions and range.
    pub(crate) fn serve(
        &self,
        origin: &Origin<'_>,
        asked: &Asked,
        entry: &Entry,
        told: Told,
    ) -> Answered {
        let now_ms = origin.now_ms();
        if told.verdict.is_hit() {
            entry.head.count_hit();
        }
        let planned = answer(entry, &asked.method, &asked.headers, now_ms);
        let body = body(entry, planned.body);
        let reply =
            Reply { status: planned.status, headers: planned.headers, body, is_broken: false };
        let ttl_ms = Some(entry.head.ttl_ms(now_ms));
        (times(told.verdict, entry, now_ms), with_status(reply, told, ttl_ms))
    }

    /// The refresh in the background, done at once; says what came of it.
    fn refresh(&self, origin: &Origin<'_>, asked: &Asked, entry: Entry) -> String {
        let mut whole = Asked { method: Method::GET, sent_ms: origin.now_ms(), ..asked.clone() };
        strip_for_storing(&mut whole.headers);
        let (words, _) = forward(self, origin, &whole, MissReason::Stale, &[entry]);
        let outcome = if words[0] == "miss" { &words[2] } else { &words[0] };
        format!("refresh={outcome}")
    }

    fn pass(&self, exchange: &Exchange, origin: &Origin<'_>, reason: PassReason) -> Answered {
        let mut words = vec!["pass".to_owned(), reason.as_str().to_owned()];
        let Some(reply) = origin.ask(&exchange.method, exchange.request.clone()) else {
            words.push("failed".to_owned());
            return (words, error(StatusCode::BAD_GATEWAY));
        };
        let removed = self.invalidate(exchange, &reply).map(|count| format!("removed={count}"));
        if self.is_of_target(exchange, &reply, reason) {
            let (mut words, reply) = post(self, origin, &self.whole(exchange), reply);
            words.extend(removed);
            return (words, reply);
        }
        words.extend(removed);
        let told =
            Told { not_stored: Some(NoStore::PassRequested), ..Told::of(Verdict::Pass(reason)) };
        (words, with_status(reply, told, None))
    }

    fn is_of_target(&self, exchange: &Exchange, reply: &Reply, reason: PassReason) -> bool {
        let uri = (exchange.host.as_str(), exchange.path.as_str());
        let view = ResponseView { status: reply.status, headers: &reply.headers };
        reason == PassReason::Method
            && self.settings.policy.profile == Profile::Rfc
            && is_of_target(&exchange.method, &uri, &view)
    }

    /// The GET whose answer a write brings.
    fn whole(&self, exchange: &Exchange) -> Asked {
        let mut whole = Asked { method: Method::GET, ..self.asked(exchange) };
        strip_for_storing(&mut whole.headers);
        whole
    }

    /// How many entries a write took away, if it took any. With Fastly a purge does that, and no write.
    fn invalidate(&self, exchange: &Exchange, reply: &Reply) -> Option<u64> {
        let uri = (exchange.host.as_str(), exchange.path.as_str());
        let gone = targets(&exchange.method, reply.status, &uri, &reply.headers);
        let remove = |(host, path): &(String, String)| {
            let rules = &self.settings.keys;
            self.shelf.remove_target(&Key::with_rules("shop", host, path, rules, &exchange.request))
        };
        let applies = self.settings.policy.profile == Profile::Rfc && !gone.is_empty();
        applies.then(|| gone.iter().map(remove).sum())
    }
}

impl Asked {
    pub(crate) fn view(&self) -> RequestView<'_> {
        RequestView { method: &self.method, headers: &self.headers }
    }
}

/// A GET with a body asks for something that the cache cannot know the request by.
fn may_use(exchange: &Exchange) -> Result<(), PassReason> {
    let reads = may_look_up(&exchange.method);
    match exchange.pass {
        Some(reason) => Err(reason),
        None if exchange.has_body && reads.is_ok() => Err(PassReason::Body),
        None => reads,
    }
}
