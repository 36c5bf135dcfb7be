//! The variants of a key that has many of them, as where `Vary` names a field that clients fill as they like.
//!
//! For each list of names that some of them are selected by, a hash is made of what the request says of those fields; what
//! has the same hash is compared with the request itself. So a look-up looks at no others, however many there are, and
//! the same is true of what an entry takes the place of. The hash is keyed: nobody outside can make variants meet.
//!
//! They lie in their order of use. All together they may take a share of the shelf's budget, beyond which the one that was
//! not used for longest goes: whoever invents variants takes the place of his own. Where the shelf needs room, those that
//! have become cold go before other keys, since a key that is used all the time is never the oldest itself.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt;

use super::lists::{Lists, Selector};
use super::ordered::{Far, Ordered, Pieces};
use super::place::Hashing;
use super::shelved::{Shelved, has_same_names};
use super::variants::FEW;
use crate::entry::Entry;
use crate::key::Key;
use crate::vary::Selecting;

/// So many in a page: the least crowd has room for not many more than it is.
const IN_PAGE: usize = 8;

/// How many parts of one variant there may be: all of them are looked at for what a request wants of them.
const MAX_PARTS: usize = 64;

/// How many of those that were used last, and how many of each list of names, the origin may be asked about at once.
const ASKED_ABOUT: usize = 64;
const OF_EACH_LIST: usize = 4;

/// The entries of one key.
#[derive(Default)]
pub(super) struct Crowd {
    /// By number.
    members: Ordered<Member, IN_PAGE>,
    lists: Lists,
    /// What selects an entry, and its number.
    selectors: BTreeSet<(Selector, u64)>,
    /// Where its body lies, and its number.
    bodies: BTreeSet<(usize, u64)>,
    /// What all of them take, each large body counted once.
    bytes: u64,
}

/// An entry.
struct Member {
    shelved: Shelved,
    selector: Selector,
    /// What it takes beside a large body.
    own_size: u64,
    /// The number of the last entry that had come to the shard when it was used.
    used_at: u64,
}

impl Far for Member {
    fn pieces(&self) -> Pieces {
        self.shelved.pieces()
    }
}

impl Crowd {
    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    pub(super) fn oldest_first(&self) -> impl Iterator<Item = &Shelved> {
        self.members.oldest_first().map(|member| &member.shelved)
    }

    pub(super) fn get(&self, number: u64) -> Option<&Shelved> {
        self.members.peek(spread(number)).map(|member| &member.shelved)
    }

    /// The same, marked as used now.
    pub(super) fn used(&mut self, number: u64, now: u64) -> Option<&Shelved> {
        let member = self.members.used(spread(number))?;
        member.used_at = now;
        Some(&member.shelved)
    }

    /// The numbers of those that say the same as the request, the last to arrive first. The hash may err, so each has to be
    /// asked itself.
    pub(super) fn told_by(&self, hashing: &Hashing, request: &Selecting<'_>) -> Vec<u64> {
        let selectors = self.lists.told_by(hashing, request);
        let mut told: Vec<u64> = selectors.flat_map(|selector| self.having(selector)).collect();
        told.sort_unstable_by_key(|number| Reverse(*number));
        told
    }

    /// Those that a new entry could take the place of: of its variant, or of its body under other names. A body is that of one
    /// list at most, since what a validation leaves takes the place of all that were selected by others.
    pub(super) fn like(&self, hashing: &Hashing, new: &Entry) -> impl Iterator<Item = &Shelved> {
        let same = self.lists.selector(hashing, &new.head.variant);
        let same = same.into_iter().flat_map(|selector| self.having(selector));
        let other = self.with_body(new).take_while(|old| !has_same_names(&old.entry, new));
        same.filter_map(|number| self.get(number)).chain(other)
    }

    /// Those that were used of late, and some of each list, the last to arrive first.
    pub(super) fn known(&self) -> Vec<&Shelved> {
        let recent = self.members.newest_first().take(ASKED_ABOUT);
        let mut numbers: Vec<u64> = recent.map(|member| member.shelved.number).collect();
        for list in self.lists.bounds() {
            numbers.extend(self.between(list).take(OF_EACH_LIST));
        }
        numbers.sort_unstable_by_key(|number| Reverse(*number));
        numbers.dedup();
        numbers.into_iter().filter_map(|number| self.get(number)).collect()
    }

    pub(super) fn add(&mut self, hashing: &Hashing, key: &Key, shelved: Shelved) {
        let (entry, number) = (&shelved.entry, shelved.number);
        let selector = self.lists.add(hashing, &entry.head.variant, number);
        let (own_size, body) = (entry.own_size(key), entry.body().address());
        self.bytes += own_size + self.unless_shared(entry);
        self.selectors.insert((selector, number));
        self.bodies.insert((body, number));
        self.members.used_or_insert(spread(number), || Member {
            shelved,
            selector,
            own_size,
            used_at: number,
        });
    }

    pub(super) fn take(&mut self, number: u64) -> Option<Shelved> {
        let Member { shelved, selector, own_size, .. } = self.members.remove(spread(number))?;
        self.selectors.remove(&(selector, number));
        self.bodies.remove(&(shelved.entry.body().address(), number));
        self.bytes -= own_size + self.unless_shared(&shelved.entry);
        self.lists.remove(selector);
        self.members.pack();
        Some(shelved)
    }

    /// What has to go since the last one came: a list of names beyond those that there may be, a part beyond those of its
    /// variant, or where all take more than their share, what was not used for longest.
    pub(super) fn surplus(&self, share: u64, last: u64) -> Vec<u64> {
        if let Some(list) = self.lists.surplus() {
            return self.between(list).collect();
        }
        let is_above = self.bytes > share && self.len() > FEW;
        let oldest = is_above.then(|| self.members.oldest()).flatten();
        let oldest = oldest.map(|(_, member)| member.shelved.number);
        self.surplus_part(last).or(oldest).into_iter().collect()
    }

    /// What is held counts as used, which it is.
    pub(super) fn loose(&mut self, now: u64) -> Option<u64> {
        for _ in 0..self.len() {
            let (_, oldest) = self.members.oldest()?;
            let number = oldest.shelved.number;
            if !oldest.shelved.is_held() {
                return Some(number);
            }
            self.used(number, now);
        }
        None
    }

    /// The one that was not used for longest, if that was before this one came and nobody holds it.
    pub(super) fn cold(&self, since: u64) -> Option<u64> {
        let (_, oldest) = self.members.oldest()?;
        let is_cold = oldest.used_at < since && !oldest.shelved.is_held();
        is_cold.then_some(oldest.shelved.number)
    }

    /// In order of arrival.
    pub(super) fn into_few(mut self) -> Vec<Shelved> {
        let mut numbers: Vec<u64> = self.oldest_first().map(|it| it.number).collect();
        numbers.sort_unstable();
        let all = numbers.into_iter().filter_map(|number| self.members.remove(spread(number)));
        all.map(|member| member.shelved).collect()
    }

    fn having(&self, selector: Selector) -> impl DoubleEndedIterator<Item = u64> {
        self.between((selector, selector))
    }

    /// The numbers of those that are selected so, both ends included.
    fn between(&self, (from, to): (Selector, Selector)) -> impl DoubleEndedIterator<Item = u64> {
        self.selectors.range((from, 0)..=(to, u64::MAX)).map(|(_, number)| *number)
    }

    fn with_body(&self, entry: &Entry) -> impl Iterator<Item = &Shelved> {
        let body = entry.body().address();
        let all = self.bodies.range((body, 0)..=(body, u64::MAX));
        all.filter_map(|(_, number)| self.get(*number))
    }

    /// What a large body takes, where no other of them has it.
    fn unless_shared(&self, entry: &Entry) -> u64 {
        match entry.large() {
            Some(large) if self.with_body(entry).next().is_none() => large.size(),
            _ => 0,
        }
    }

    /// The part that came first, where the variant of the last one has too many.
    fn surplus_part(&self, last: u64) -> Option<u64> {
        let selector = self.members.peek(spread(last))?.selector;
        let is_part = |number: &u64| self.get(*number).is_some_and(|it| !it.entry.is_whole());
        let mut latest = self.having(selector).rev().filter(is_part);
        latest.nth(MAX_PARTS)
    }
}

impl fmt::Debug for Crowd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Crowd").field("members", &self.len()).finish_non_exhaustive()
    }
}

/// The hash of a number, which no other number has; those of neighbours are far from each other.
fn spread(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}
