use proptest::prelude::*;

use super::*;

const NONE: Pieces = Pieces { block: 0, body: 0 };

/// A hash whose home is the line with this share of all lines before it, in 256ths.
fn at(share: u8, tag: u8) -> u64 {
    u64::from(share) << 56 | u64::from(tag)
}

/// The table as it is made of these hashes, whose places are their numbers in the list.
fn made_of(hashes: &[u64]) -> Table {
    let mut table = Table::for_more_than(hashes.len(), Asks::Late);
    hashes.iter().zip(0..).for_each(|(hash, place)| table.add(*hash, place, NONE));
    table
}

proptest! {
    /// However many meet in few lines, all are found, and what was taken out leaves nothing behind.
    #[test]
    fn what_was_put_in_is_found_and_comes_out(
        shares in prop::collection::vec(prop_oneof![Just(0_u8), Just(255), any::<u8>()], 0..200),
        out in prop::collection::vec(any::<prop::sample::Index>(), 0..200),
    ) {
        let hashes: Vec<u64> = shares.iter().zip(0_u64..).map(|(it, number)| at(*it, 0) | number << 8).collect();
        let is = |place: u32| move |it: u32| it == place;
        let mut table = made_of(&hashes);
        let mut left: Vec<(u64, u32)> = hashes.iter().copied().zip(0..).collect();
        for out in out {
            if left.is_empty() {
                break;
            }
            let (hash, place) = left.swap_remove(out.index(left.len()));
            prop_assert_eq!(table.remove(hash, is(place)), Some(place));
            prop_assert_eq!(table.remove(hash, is(place)), None);
            for (hash, place) in &left {
                prop_assert_eq!(table.find(*hash, is(*place)), Some(*place));
            }
        }
        prop_assert_eq!(table.len(), left.len());
        for (hash, place) in left {
            table.remove(hash, is(place));
        }
        prop_assert!(table.lines.iter().all(|line| line.passed == 0 && line.tagged(FREE).count() == IN_LINE));
    }

    #[test]
    fn a_byte_is_told_from_all_others(tags in any::<[u8; IN_LINE]>(), tag in any::<u8>()) {
        let mut line = Line::default();
        tags.iter().enumerate().for_each(|(at, tag)| assert!(line.set(at, *tag, at as u32)));
        let mut found: Vec<usize> = line.tagged(tag).collect();
        found.sort_unstable();
        let same: Vec<usize> = (0..IN_LINE).filter(|at| tags[*at] == tag).collect();
        prop_assert_eq!(found, same);
    }
}

/// Each of two lines has been full, and what found it so lies in the other.
#[test]
fn a_search_ends_where_every_line_was_gone_by() {
    let (first, second) = (at(0, 1), at(255, 1));
    let mut table = Table::for_more_than(10, Asks::Late);
    assert_eq!(table.lines.len(), 2);
    (0..13).for_each(|place| table.add(first, place, NONE));
    (0..12).for_each(|place| assert_eq!(table.remove(first, |it| it == place), Some(place)));
    (20..32).for_each(|place| table.add(second, place, NONE));
    assert!(table.lines.iter().all(|line| line.passed == 1));
    assert_eq!(table.find(first, |_| false), None);
    assert_eq!(table.find(second, |_| false), None);
    assert_eq!(table.find(first, |it| it == 12), Some(12));
    assert_eq!(table.find(second, |it| it == 31), Some(31));
}

proptest! {
    /// As a shelf that is full does it: each that comes takes the place of one that goes.
    #[test]
    fn a_table_that_many_pass_through_finds_what_is_there_and_nothing_else(
        most in 1..40_usize,
        shares in prop::collection::vec(any::<(u8, u8)>(), 0..400),
    ) {
        let mut table = Table::for_more_than(most, Asks::Late);
        let mut there = std::collections::VecDeque::new();
        for ((share, tag), place) in shares.into_iter().zip(0_u32..) {
            let hash = at(share, tag);
            prop_assert_eq!(table.find(hash, |it| it == place), None);
            if there.len() == most {
                let (hash, place) = there.pop_front().expect("one at least");
                prop_assert_eq!(table.remove(hash, |it| it == place), Some(place));
            }
            table.add(hash, place, NONE);
            there.push_back((hash, place));
            for (hash, place) in &there {
                prop_assert_eq!(table.find(*hash, |it| it == *place), Some(*place));
            }
        }
    }
}

#[test]
fn it_grows_by_an_eighth() {
    let hash = |number: usize| (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let (mut table, mut made) = (Table::default(), Vec::new());
    for number in 0..10_000 {
        if table.is_full() {
            table = Table::for_more_than(number, Asks::Late);
            made.push(table.lines.len());
            (0..number).for_each(|it| table.add(hash(it), 0, NONE));
        }
        table.add(hash(number), 0, NONE);
        assert!(table.len() <= table.lines.len() * FULL);
    }
    assert_eq!(made[..11], [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14]);
    let sparse = made.windows(2).filter(|two| two[1] > 8).find(|two| two[1] * 4 > two[0] * 5);
    assert_eq!(sparse, None);
}
