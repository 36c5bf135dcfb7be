//! A delivery service's rules, ready to run: matched once for each request as it came in, and asked from then on.
//!
//! For each action the first matching rule that sets it decides; changes of headers are made by all of them, in order.
//! Matching runs on a normalised copy of the path; the path itself is forwarded as it was received, unless a rule
//! rewrites it. What becomes of a request and of an answer by them is in [`delivery`](crate::delivery).

mod change;
mod facts;
mod hits;
mod keys;
mod matched;
mod request;
mod response;
mod template;

use http::HeaderName;
use selvedge_cache::key_rule::KeyRules;
use selvedge_model::manifest::{self, Then};

use self::{change::Changes, hits::Hits};
pub use self::{
    facts::Facts,
    hits::Tally,
    matched::{Matched, Met},
    template::Template,
};
use crate::headers::Vouched;

/// The rules of one service, in order.
pub struct Rules {
    rules: Vec<Rule>,
    /// Whether any of them has something to say of an answer on its way to the client.
    sees_answers: bool,
    /// Whether any of them changes headers of a backend's response.
    changes_origin: bool,
}

/// One rule, its names and values made ready.
struct Rule {
    said: manifest::Rule,
    key: Option<KeyRules>,
    request: Changes,
    origin: Changes,
    answer: Changes,
    hits: Hits,
}

/// How often a rule has matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// What people call it.
    pub name: Option<String>,
    /// Requests that it was for; answers, where it looks at those.
    pub hits: u64,
}

impl Rules {
    /// The rules of a manifest, in its order. One that was there before goes on counting.
    #[must_use]
    pub fn of(rules: &[manifest::Rule], tally: &Tally) -> Self {
        let counted = rules.iter().zip(tally.of(rules));
        let rules: Vec<Rule> = counted.map(|(said, hits)| Rule::of(said, hits)).collect();
        let sees_answers = rules.iter().any(Rule::sees_answers);
        let changes_origin = rules.iter().any(|rule| !rule.origin.is_empty());
        Self { rules, sees_answers, changes_origin }
    }

    /// Whether there are none.
    #[must_use]
    pub fn are_none(&self) -> bool {
        self.rules.is_empty()
    }

    /// Whether a rule asks for a header that says what the edge says of clients, or changes it.
    #[must_use]
    pub fn look_at_clients(&self) -> bool {
        self.rules.iter().any(|rule| {
            let asked = rule.said.when.header.keys().map(String::as_str);
            let added = rule.key.iter().flat_map(|key| &key.add_headers).map(HeaderName::as_str);
            let mut names = asked.chain(added).chain(rule.request.names());
            names.any(|name| Vouched::has(name.as_bytes()))
        })
    }

    /// How often each rule has matched.
    #[must_use]
    pub fn counted(&self) -> Vec<Counted> {
        let counted =
            |rule: &Rule| Counted { name: rule.said.name.clone(), hits: rule.hits.count() };
        self.rules.iter().map(counted).collect()
    }

    /// What the first of these rules says that says something.
    fn first<'r, T>(&'r self, met: &Met, said: impl Fn(&'r Rule) -> Option<T>) -> Option<T> {
        self.met(met).find_map(said)
    }

    fn met<'r>(&'r self, met: &Met) -> impl Iterator<Item = &'r Rule> {
        met.numbers().filter_map(|number| self.rules.get(number))
    }
}

impl Rule {
    fn of(said: &manifest::Rule, hits: Hits) -> Self {
        let Then { request_headers, origin_headers, response_headers, .. } = &said.then;
        Self {
            key: said.then.key.as_ref().map(KeyRules::of),
            request: Changes::of(request_headers),
            origin: Changes::of(origin_headers),
            answer: Changes::of(response_headers),
            said: said.clone(),
            hits,
        }
    }

    /// Whether it may decide before there is a response.
    fn is_early(&self) -> bool {
        self.said.when_response.is_any()
    }

    fn sees_answers(&self) -> bool {
        !self.is_early() || !self.answer.is_empty()
    }
}

#[cfg(test)]
mod tests;
