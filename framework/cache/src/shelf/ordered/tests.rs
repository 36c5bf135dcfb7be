use proptest::prelude::*;

use super::*;

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
        let (mut ordered, mut list) = (Ordered::<u64, 4>::new(), Vec::<u64>::new());
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
            prop_assert_eq!(ordered.oldest().map(|(hash, _)| hash), list.first().copied());
            prop_assert_eq!(ordered.peek(hash).is_some(), list.contains(&hash));
        }
        let all: Vec<u64> = ordered.oldest_first().copied().collect();
        prop_assert_eq!(&all, &list);
        let back: Vec<u64> = ordered.newest_first().copied().collect();
        prop_assert!(back.iter().eq(list.iter().rev()));
    }
}

#[test]
fn a_free_place_is_used_again() {
    let mut ordered = Ordered::<u64>::new();
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
