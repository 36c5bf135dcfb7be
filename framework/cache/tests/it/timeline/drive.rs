//! Plays a script against a shelf, as a service would: look up, send, admit, answer.

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use selvedge_cache::{
    Entry, Fill, Freshness, Key, MissReason, NoStore, Override, PassReason, Policy, PutOutcome,
    RequestDirectives, RequestView, ResponseView, Reuse, Shelf, StoredHead, Times, answer, best,
    invalidates, may_look_up, storable,
};

use super::script::{Exchange, Failure, Said, Script};

/// Small enough that a case can overfill it: objects may have 8 KiB.
const BUDGET: u64 = 64 * 1024;

pub(crate) fn failures(script: &Script) -> Vec<Failure> {
    let world = World {
        shelf: Shelf::new(BUDGET),
        policy: Policy { default_ttl: script.default_ttl, ..Policy::rfc() },
    };
    script.exchanges.iter().filter_map(|exchange| world.play(exchange).err()).collect()
}

struct World {
    shelf: Shelf,
    policy: Policy,
}

impl World {
    fn play(&self, exchange: &Exchange) -> Result<(), Failure> {
        let (outcome, answer) = self.outcome(exchange);
        compare(&exchange.expected, &outcome).map_err(|what| (exchange.line, what))?;
        check_answer(&exchange.answer, &answer).map_err(|what| (exchange.line, what))
    }

    /// The outcome's words, and the headers of an answer from the cache.
    fn outcome(&self, exchange: &Exchange) -> (String, HeaderMap) {
        let key = Key::new("shop", "shop.localhost", &exchange.path);
        if let Err(reason) = ask(exchange) {
            return (self.pass(exchange, &key, reason), HeaderMap::new());
        }
        let found = self.shelf.find(&key, &exchange.request);
        match best(&found, &RequestDirectives::default(), exchange.at_ms) {
            Some((_, Reuse::Validate(reason))) => {
                (self.miss(exchange, key, reason.miss()), HeaderMap::new())
            }
            Some((entry, reuse)) => from_shelf(&entry, reuse, exchange),
            None if self.shelf.known(&key) => {
                (self.miss(exchange, key, MissReason::VaryMiss), HeaderMap::new())
            }
            None => (self.miss(exchange, key, MissReason::UriMiss), HeaderMap::new()),
        }
    }

    fn pass(&self, exchange: &Exchange, key: &Key, reason: PassReason) -> String {
        if !invalidates(&exchange.method, exchange.status) {
            return format!("pass {}", reason.as_str());
        }
        format!("pass {} removed={}", reason.as_str(), self.shelf.remove(key))
    }

    fn miss(&self, exchange: &Exchange, key: Key, reason: MissReason) -> String {
        let admitted = match self.admit(exchange, key) {
            Ok(fresh) => format!(
                "stored lifetime={} age={} source={}",
                seconds(fresh.lifetime_ms),
                seconds(fresh.initial_age_ms),
                fresh.source.as_str()
            ),
            Err(reason) => format!("no-store={}", reason.as_str()),
        };
        format!("miss {} {admitted}", reason.as_str())
    }

    fn admit(&self, exchange: &Exchange, key: Key) -> Result<Freshness, NoStore> {
        let request = RequestView { method: &exchange.method, headers: &exchange.request };
        let response = ResponseView { status: exchange.status, headers: &exchange.response };
        let received_at_ms = exchange.at_ms + exchange.delay_ms;
        let times = Times { requested_at_ms: exchange.at_ms, received_at_ms };
        let over = match exchange.said {
            Said::Ttl(ttl) => Override { ttl: Some(ttl), ..Override::default() },
            _ => Override::default(),
        };
        let fresh = storable(&request, &response, &self.policy, &over, times)?;
        let head = StoredHead::new(&request, &response, fresh, received_at_ms)
            .map_err(|_| NoStore::VaryStar)?;
        let mut fill = Fill::new(self.shelf.max_object(), declared_length(&exchange.response));
        fill.push(Bytes::from(exchange.body.clone()))?;
        match self.shelf.put(key, Entry::new(head, fill.finish()?)) {
            PutOutcome::Stored => Ok(fresh),
            PutOutcome::TooLarge => Err(NoStore::TooLarge),
        }
    }
}

fn ask(exchange: &Exchange) -> Result<(), PassReason> {
    match exchange.said {
        Said::Pass => Err(PassReason::Requested),
        Said::CacheOff => Err(PassReason::CacheOff),
        Said::Nothing | Said::Ttl(_) => may_look_up(&exchange.method),
    }
}

fn from_shelf(entry: &Entry, reuse: Reuse, exchange: &Exchange) -> (String, HeaderMap) {
    let answer = answer(entry, &exchange.method, &exchange.request, exchange.at_ms);
    let words = match reuse {
        Reuse::Fresh { age_ms, ttl_ms } => {
            format!("hit age={} ttl={}", seconds(age_ms), seconds(ttl_ms))
        }
        Reuse::Stale { permission, age_ms, late_ms } => {
            let (word, age, late) = (permission.as_str(), seconds(age_ms), seconds(late_ms));
            format!("stale {word} age={age} late={late}")
        }
        Reuse::Validate(reason) => format!("validate {}", reason.as_str()),
    };
    (format!("{words} status={}", answer.status.as_u16()), answer.headers)
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn compare(expected: &[String], outcome: &str) -> Result<(), String> {
    let got: Vec<&str> = outcome.split(' ').collect();
    let says_stored = |word: &&str| *word == "stored" || word.starts_with("no-store=");
    let complete = got[0] != "miss" || expected.iter().any(|word| says_stored(&word.as_str()));
    let verdict_first = expected.first().is_some_and(|word| word == got[0]);
    let all_there = expected.iter().all(|word| got.contains(&word.as_str()));
    match complete && verdict_first && all_there {
        true => Ok(()),
        false => Err(format!("expected `{}`, got `{outcome}`", expected.join(" "))),
    }
}

fn check_answer(expected: &[String], answer: &HeaderMap) -> Result<(), String> {
    expected.iter().try_for_each(|line| check_header(line, answer))
}

fn check_header(line: &str, answer: &HeaderMap) -> Result<(), String> {
    if let Some(name) = line.strip_prefix("no ") {
        let absent = !answer.contains_key(name) && !answer.is_empty();
        return if absent { Ok(()) } else { Err(format!("expected no `{name}` in {answer:?}")) };
    }
    let (name, value) = crate::support::header(line);
    let found = answer.get_all(&name).iter().any(|found| found == value);
    if found { Ok(()) } else { Err(format!("expected `{line}`, got {answer:?}")) }
}

fn seconds(ms: u64) -> String {
    let text = format!("{}.{:03}", ms / 1000, ms % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
