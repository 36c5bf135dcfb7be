use proptest::prelude::*;

use super::{ahead::Note, *};
use crate::block::LINE;

/// Each has its line, so that a note tells whose it is.
impl Far for u64 {
    fn pieces(&self) -> Pieces {
        Pieces { block: *self as usize * LINE, body: 1 }
    }
}

#[derive(Debug, Clone)]
enum Act {
    Use(u64),
    Put(u64),
    Remove(u64),
}

/// Some hashes have the same low bits, as those of a full table have.
fn act() -> impl Strategy<Value = Act> {
    let hash = || (0_u64..200).prop_map(|number| number % 50 * 3 + (number % 4) * (1 << 32));
    prop_oneof![hash().prop_map(Act::Use), hash().prop_map(Act::Put), hash().prop_map(Act::Remove)]
}

proptest! {
    /// A plain list, the newest last, does the same.
    #[test]
    fn the_order_is_that_of_use(packs in any::<bool>(), acts in prop::collection::vec(act(), 0..600)) {
        let (mut ordered, mut list) = (Ordered::<u64, 4>::new(Asks::Ahead), Vec::<u64>::new());
        for act in acts {
            let (Act::Use(hash) | Act::Put(hash) | Act::Remove(hash)) = act;
            let known = list.contains(&hash);
            list.retain(|other| *other != hash || matches!(act, Act::Remove(_)) && !known);
            match act {
                Act::Use(_) => {
                    prop_assert_eq!(ordered.used(hash).copied(), known.then_some(hash));
                    list.extend(known.then_some(hash));
                }
                Act::Put(_) => {
                    let value = ordered.used_or_insert(hash, || hash);
                    prop_assert_eq!(value.copied(), Some(hash));
                    list.push(hash);
                }
                Act::Remove(_) => prop_assert_eq!(ordered.remove(hash), known.then_some(hash)),
            }
            if packs {
                ordered.pack();
                prop_assert!(ordered.nodes.len() < SPARSE * list.len().max(4));
            }
            prop_assert_eq!(ordered.len(), list.len());
            prop_assert_eq!(ordered.untrue_notes(), 0);
            prop_assert_eq!(ordered.oldest().map(|(hash, _)| hash), list.first().copied());
            prop_assert_eq!(ordered.peek(hash).is_some(), list.contains(&hash));
        }
        let all: Vec<u64> = ordered.oldest_first().copied().collect();
        prop_assert_eq!(&all, &list);
        let back: Vec<u64> = ordered.newest_first().copied().collect();
        prop_assert!(back.iter().eq(list.iter().rev()));
    }
}

impl<const IN_PAGE: usize> Ordered<u64, IN_PAGE> {
    /// How many values have a note that is not theirs.
    fn untrue_notes(&self) -> usize {
        let noted = |hash, place| self.table.noted(hash, place);
        let all = self.nodes.taken();
        all.filter(|(hash, place, it)| noted(*hash, *place) != Some(Note::of(it.pieces()))).count()
    }
}

#[test]
fn what_has_changed_is_noted_anew() {
    let mut ordered = Ordered::<u64, 4>::new(Asks::Ahead);
    (0..100).for_each(|hash| assert!(ordered.used_or_insert(hash, || hash).is_some()));
    (0..100).for_each(|hash| *ordered.used(hash).unwrap() += 1000);
    assert_eq!(ordered.untrue_notes(), 100);
    (0..100).for_each(|hash| ordered.note(hash));
    ordered.note(100);
    assert_eq!(ordered.untrue_notes(), 0);
}

#[derive(Debug, Clone)]
enum Look {
    Act(Act),
    Peek(u64),
    Oldest,
    All,
}

fn look() -> impl Strategy<Value = Look> {
    // Hits at few values, so that one is often hit again before anything else comes.
    let again = (0_u64..3).prop_map(|hash| Look::Act(Act::Use(hash)));
    let peek = (0_u64..50).prop_map(Look::Peek);
    prop_oneof![3 => act().prop_map(Look::Act), 4 => again, 1 => peek, 1 => Just(Look::Oldest), 1 => Just(Look::All)]
}

proptest! {
    /// A step behind or not, the order that can be seen is the same.
    #[test]
    fn the_order_seems_to_be_that_of_use(looks in prop::collection::vec(look(), 0..600)) {
        let (mut noted, mut ordered) = (Noted::<u64, 4>::new(Asks::Ahead), Ordered::<u64, 4>::new(Asks::Ahead));
        for look in looks {
            match look {
                Look::Act(Act::Use(hash)) => {
                    prop_assert_eq!(noted.used(hash), ordered.used(hash));
                }
                Look::Act(Act::Put(hash)) => {
                    let put = noted.used_or_insert(hash, || hash).copied();
                    prop_assert_eq!(put, ordered.used_or_insert(hash, || hash).copied());
                }
                Look::Act(Act::Remove(hash)) => {
                    prop_assert_eq!(noted.remove(hash), ordered.remove(hash));
                }
                Look::Peek(hash) => prop_assert_eq!(noted.peek(hash), ordered.peek(hash)),
                Look::Oldest => prop_assert_eq!(noted.in_order().oldest(), ordered.oldest()),
                Look::All => prop_assert!(noted.in_order().oldest_first().eq(ordered.oldest_first())),
            }
            prop_assert_eq!(noted.len(), ordered.len());
        }
        prop_assert!(noted.in_order().oldest_first().eq(ordered.oldest_first()));
        prop_assert!(noted.in_order().newest_first().eq(ordered.newest_first()));
    }
}

#[test]
fn a_free_place_is_used_again() {
    let mut ordered = Ordered::<u64>::new(Asks::Late);
    for round in 0..3 {
        for number in 0..PAGE as u64 {
            ordered.used_or_insert(round * 1000 + number, || number);
        }
        assert_eq!(ordered.nodes.len(), PAGE + usize::from(round > 0));
        // One stays, so that the places do, too.
        ordered.used_or_insert(u64::MAX, || 0);
        for number in 0..PAGE as u64 {
            assert_eq!(ordered.remove(round * 1000 + number), Some(number));
        }
    }
}
