//! What a crowd looks at, what it lets go, and what becomes of it. That it finds what a walk through all finds is a property
//! of the whole shelf.

use super::{more::FEW_AGAIN, *};
use crate::entry::StoredHead;
use crate::extent::ContentRange;
use crate::fill::StoredBody;
use crate::partial::part;
use crate::purge::Order;
use crate::sample::{body, head, headers};
use crate::shelf::{Node, Slot};

const MANY: u64 = 1_000;

/// A shelf's slot without the shelf.
struct Alone {
    key: Key,
    hashing: Hashing,
    variants: Variants,
    last: u64,
}

impl Alone {
    fn new() -> Self {
        let key = Key::new("shop", "shop.localhost", "/a");
        Self { key, hashing: Hashing::new(), variants: Variants::none(), last: 0 }
    }

    fn push(&mut self, entry: Entry) -> u64 {
        self.last += 1;
        let new = Shelved::new(entry, self.last, Order(0));
        self.variants.push(&self.hashing, &self.key, new);
        self.last
    }

    /// Puts one down and says what had to go for it, by number.
    fn put(&mut self, entry: Entry, share: u64) -> Vec<u64> {
        let number = self.push(entry);
        let mut gone = Vec::new();
        loop {
            let surplus = self.variants.surplus(share, number);
            if surplus.is_empty() {
                return gone;
            }
            surplus.iter().for_each(|number| drop(self.variants.take(*number)));
            gone.extend(surplus);
        }
    }

    fn use_one(&mut self, line: &str) -> Vec<u64> {
        let (headers, mut found) = (headers(&[line]), Vec::new());
        let request = Selecting::of(&headers);
        self.variants.selected(&self.hashing, &request, self.last, |it| found.push(it.number));
        found
    }

    fn crowd(&self) -> &Crowd {
        let few = self.variants.len();
        self.variants.crowd().unwrap_or_else(|| panic!("{few} are no crowd"))
    }
}

fn variant(request: &str, vary: &str) -> StoredHead {
    head(200, &[request], &[&format!("Vary: {vary}"), "ETag: \"a\""])
}

fn of_agent(number: u64) -> Entry {
    Entry::new(variant(&format!("User-Agent: {number}"), "User-Agent"), body(&[b"x"]))
}

fn part_at(start: u64) -> Entry {
    let range = ContentRange { bytes: start..start + 1, complete_length: None };
    part(variant("A: 1", "A"), body(&[b"x"]), &range).unwrap()
}

#[test]
fn what_is_looked_at_does_not_grow_with_their_number() {
    let mut alone = Alone::new();
    for number in 1..=MANY {
        alone.push(of_agent(number));
    }
    for number in 1..=MANY {
        let asked = headers(&[&format!("User-Agent: {number}")]);
        let told = alone.crowd().told_by(&alone.hashing, &Selecting::of(&asked));
        assert_eq!(told, [number]);
        let new = of_agent(number);
        let like: Vec<u64> =
            alone.crowd().like(&alone.hashing, &new).map(|old| old.number).collect();
        assert_eq!(like, [number]);
    }
    let stranger = headers(&["User-Agent: none"]);
    assert!(alone.crowd().told_by(&alone.hashing, &Selecting::of(&stranger)).is_empty());
    assert!(alone.variants.known().len() < 100);
    // One more list, one more that may fit.
    let other = alone.push(Entry::new(variant("A: 1", "A"), body(&[b"x"])));
    let both = headers(&["A: 1", "User-Agent: 7"]);
    let told = alone.crowd().told_by(&alone.hashing, &Selecting::of(&both));
    assert_eq!(told, [other, 7]);
}

#[test]
fn a_body_that_all_share_costs_no_walk() {
    let mut alone = Alone::new();
    let first = Entry::new(variant("A: 0", "A"), body(&[b"the same for all"]));
    let shared: StoredBody = first.body().clone();
    for number in 0..MANY {
        let line = format!("User-Agent: {number}");
        alone.push(Entry::new(variant(&line, "User-Agent"), shared.clone()));
    }
    let like = |alone: &Alone, new: &Entry| alone.crowd().like(&alone.hashing, new).count();
    let again = Entry::new(variant("User-Agent: 5", "User-Agent"), shared.clone());
    assert_eq!(like(&alone, &again), 1);
    // After a change of `Vary` all of them are selected anew, and leave.
    let anew = Entry::new(variant("A: 1", "A"), shared.clone());
    assert_eq!(like(&alone, &anew) as u64, MANY);
}

#[test]
fn what_was_not_used_for_longest_goes_for_the_share() {
    let mut alone = Alone::new();
    let one = of_agent(1).own_size(&alone.key);
    // Those with longer names may take a few bytes more.
    let share = 100 * (one + 16);
    let mut gone = Vec::new();
    for number in 1..=MANY {
        gone.extend(alone.put(of_agent(number), share));
        assert_eq!(alone.use_one("User-Agent: 1"), [1]);
    }
    assert!((100..=110).contains(&alone.variants.len()), "{}", alone.variants.len());
    let left = alone.variants.len() as u64;
    assert_eq!(gone, (2..2 + MANY - left).collect::<Vec<_>>());
    // A few may stay whatever they take.
    for number in 1..=40 {
        alone.put(of_agent(number), 0);
    }
    assert_eq!(alone.variants.len(), FEW);
}

#[test]
fn lists_of_names_and_parts_are_bounded() {
    let mut alone = Alone::new();
    for round in 0..3 {
        for number in 0..40 {
            let vary = format!("A{number}");
            alone.put(
                Entry::new(variant(&format!("{vary}: {round}"), &vary), body(&[b"x"])),
                1 << 30,
            );
        }
    }
    assert_eq!(alone.variants.len(), 16, "of those that came last");
    assert_eq!(alone.use_one("A39: 2"), [120]);
    assert!(alone.use_one("A23: 2").is_empty());
    let mut alone = Alone::new();
    let gone: Vec<u64> =
        (0..100).flat_map(|number| alone.put(part_at(number * 2), 1 << 30)).collect();
    assert_eq!(gone, (1..=36).collect::<Vec<_>>());
    assert_eq!(alone.use_one("A: 1").len(), 64);
}

#[test]
fn a_crowd_that_shrinks_is_a_few_again() {
    let mut alone = Alone::new();
    for number in 1..=MANY {
        alone.push(of_agent(number));
    }
    let few = FEW_AGAIN as u64;
    for number in 1..MANY - few {
        assert_eq!(alone.variants.take(number).map(|it| it.number), Some(number));
    }
    assert_eq!(alone.crowd().len(), FEW_AGAIN + 1);
    assert!(alone.variants.take(1).is_none());
    drop(alone.variants.take(MANY));
    assert!(!alone.variants.is_crowd() && alone.variants.few().len() == FEW_AGAIN);
    let order: Vec<u64> = alone.variants.oldest_first().map(|it| it.number).collect();
    assert_eq!(order, (MANY - few..MANY).collect::<Vec<_>>());
    order[1..].iter().for_each(|number| drop(alone.variants.take(*number)));
    assert!(matches!(alone.variants, Variants::One(_)));
    drop(alone.variants.take(order[0]));
    assert_eq!(alone.variants.len(), 0);
}

#[test]
fn a_key_with_one_variant_pays_nothing_for_crowds() {
    assert_eq!(size_of::<Variants>(), 24);
    assert_eq!(size_of::<Node<Slot>>(), 64);
}
