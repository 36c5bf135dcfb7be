//! Which rules are for a request: found once, when it comes in.

use std::slice;

use http::{HeaderMap, Method, StatusCode, Uri};
use smallvec::SmallVec;

use super::{
    Rules,
    facts::{self, Facts},
};

/// How many rules one word of a set is for.
const WORD: usize = 64;

/// A set of rules, by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Met(SmallVec<[u64; 1]>);

/// The numbers of a set's rules, in order.
pub(super) struct Numbers<'m> {
    words: slice::Iter<'m, u64>,
    /// What is left of a word, and where the next one begins.
    word: u64,
    next: usize,
}

impl Iterator for Numbers<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.word == 0 {
            self.word = *self.words.next()?;
            self.next += WORD;
        }
        let place = self.word.trailing_zeros() as usize;
        self.word &= self.word - 1;
        Some(self.next - WORD + place)
    }
}

/// What was found of a request, which keeps it to its end.
#[derive(Clone, Debug, Default)]
pub struct Matched {
    /// The rules for requests like this one that look at no response.
    pub(super) early: Met,
    /// Those that have yet to look at the response.
    pub(super) late: Met,
    /// The rule for its key.
    pub(super) key: Option<usize>,
    /// What it asked for, where rules give it another path.
    asked: Option<Box<Uri>>,
}

impl Met {
    const NONE: Self = Self(SmallVec::new_const());

    pub(super) fn has(&self, number: usize) -> bool {
        self.0.get(number / WORD).is_some_and(|word| word >> (number % WORD) & 1 == 1)
    }

    fn add(&mut self, number: usize) {
        if self.0.len() <= number / WORD {
            self.0.resize(number / WORD + 1, 0);
        }
        if let Some(word) = self.0.get_mut(number / WORD) {
            *word |= 1 << (number % WORD);
        }
    }

    /// The numbers of its rules, in order.
    pub(super) fn numbers(&self) -> Numbers<'_> {
        Numbers { words: self.0.iter(), word: 0, next: 0 }
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
}

impl Matched {
    /// What is found where there are no rules.
    #[must_use]
    pub fn none() -> &'static Self {
        static NONE: Matched =
            Matched { early: Met::NONE, late: Met::NONE, key: None, asked: None };
        &NONE
    }

    /// What the client asked for, where rules have given the request another path.
    #[must_use]
    pub fn asked(&self) -> Option<&Uri> {
        self.asked.as_deref()
    }

    /// Whether a rule is for the request, or may be, by the response.
    #[must_use]
    pub fn may_be(&self, number: usize) -> bool {
        self.early.has(number) || self.late.has(number)
    }
}

impl Rules {
    /// Finds the rules for a request, as it came in.
    #[must_use]
    pub fn match_request(&self, facts: &Facts<'_>) -> Matched {
        let mut matched = Matched::default();
        if self.rules.is_empty() {
            return matched;
        }
        facts.seen(|request| {
            for (number, rule) in self.rules.iter().enumerate() {
                if rule.said.is_for(request) {
                    let met = if rule.is_early() { &mut matched.early } else { &mut matched.late };
                    met.add(number);
                }
            }
        });
        matched.key = self.key_rule(facts, &matched);
        let rewrite = self.first(&matched.early, |rule| rule.said.then.rewrite_path.as_ref());
        matched.asked = rewrite.map(|_| Box::new(facts.uri.clone()));
        matched
    }

    /// What GET stored is found by every method, so that keys are made by the rules for GET.
    fn key_rule(&self, facts: &Facts<'_>, matched: &Matched) -> Option<usize> {
        let mut rules = self.rules.iter().enumerate().filter(|(_, rule)| rule.key.is_some());
        let found = match *facts.method == Method::GET {
            true => rules.find(|(number, _)| matched.early.has(*number)),
            false => {
                let as_get = Facts { method: &Method::GET, ..*facts };
                as_get.seen(|request| rules.find(|(_, rule)| rule.said.matches_request(request)))
            }
        };
        found.map(|(number, _)| number)
    }

    /// The rules for a request and the response to it.
    #[must_use]
    pub fn match_response(
        &self,
        matched: &Matched,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Met {
        let mut met = matched.early.clone();
        if matched.late.is_empty() {
            return met;
        }
        facts::seen(status.as_u16(), headers, |response| {
            for (number, rule) in self.rules.iter().enumerate() {
                if matched.late.has(number) && rule.said.when_response.matches(response) {
                    met.add(number);
                }
            }
        });
        met
    }

    /// Counts the rules that were for a request.
    pub fn count(&self, matched: &Matched) {
        self.met(&matched.early).for_each(|rule| rule.hits.add());
    }

    /// Counts the rules that were for an answer because of the answer.
    pub fn count_late(&self, met: &Met) {
        self.met(met).filter(|rule| !rule.is_early()).for_each(|rule| rule.hits.add());
    }
}
