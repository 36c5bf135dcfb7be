use super::*;

const REMOVED: Option<Overtaken> = Some(Overtaken::Removed);

fn outdated(at_ms: u64) -> Overtaken {
    Overtaken::Outdated { at_ms }
}

/// A purge of these tags, all of it.
fn purge(log: &Arc<Log>, tags: &[u64], effect: Overtaken) {
    drop(log.announce(tags, effect));
}

fn records(log: &Log) -> usize {
    log.state().records.len()
}

#[test]
fn a_purge_counts_for_what_began_before() {
    let log = Arc::new(Log::default());
    let before = log.begin();
    purge(&log, &[1, 2], Overtaken::Removed);
    let after = log.begin();
    assert!(before.order() < after.order() && after.order() == log.order());
    let now = log.order();
    assert_eq!(log.overtaken(&[2], before.order(), now), REMOVED);
    assert_eq!(log.overtaken(&[3], before.order(), now), None);
    assert_eq!(log.overtaken(&[2], after.order(), now), None);
    assert_eq!(log.overtaken(&[2], before.order(), before.order()), None);
}

#[test]
fn the_first_outdating_counts_and_a_removal_more() {
    let log = Arc::new(Log::default());
    let began = log.begin();
    purge(&log, &[1], outdated(10));
    purge(&log, &[1], outdated(20));
    let soft = log.order();
    assert_eq!(log.overtaken(&[1], began.order(), soft), Some(outdated(10)));
    purge(&log, &[2], Overtaken::Removed);
    assert_eq!(log.overtaken(&[1, 2], began.order(), log.order()), REMOVED);
    assert_eq!(log.overtaken(&[1, 2], began.order(), soft), Some(outdated(10)));
}

#[test]
fn nothing_is_remembered_for_nobody() {
    let log = Arc::new(Log::default());
    let long_ago = log.order();
    purge(&log, &[1], Overtaken::Removed);
    assert_eq!(records(&log), 0);
    // Nobody can say any more what it was, so it counts.
    assert_eq!(log.overtaken(&[2], long_ago, log.order()), REMOVED);
    let (one, other) = (log.begin(), log.begin());
    purge(&log, &[1], Overtaken::Removed);
    let third = log.begin();
    purge(&log, &[2], Overtaken::Removed);
    drop(one);
    assert_eq!(records(&log), 2);
    let copy = other.clone();
    drop(other);
    assert_eq!(log.overtaken(&[1], copy.order(), log.order()), REMOVED);
    drop(copy);
    assert_eq!((records(&log), log.overtaken(&[1], third.order(), log.order())), (1, None));
    assert_eq!(log.overtaken(&[2], third.order(), log.order()), REMOVED);
    drop(third);
    assert_eq!((records(&log), log.state().under_way.len()), (0, 0));
}

#[test]
fn when_it_is_full_the_oldest_fetches_count_as_purged() {
    let log = Arc::new(Log::default());
    let old = log.begin();
    for _ in 0..MAX_RECORDS / 2 {
        purge(&log, &[1], Overtaken::Removed);
    }
    let young = log.begin();
    for _ in 0..=MAX_RECORDS / 2 {
        assert_eq!(log.overtaken(&[7], old.order(), log.order()), None);
        purge(&log, &[2], Overtaken::Removed);
    }
    assert_eq!(records(&log), MAX_RECORDS / 2);
    assert_eq!(log.overtaken(&[7], old.order(), log.order()), REMOVED);
    assert_eq!(log.overtaken(&[7], log.order(), log.order()), None);
    // One record of its time is lost, so it cannot know either.
    assert_eq!(log.overtaken(&[7], young.order(), log.order()), REMOVED);
}

#[test]
fn one_purge_of_very_many_keys_stays_bounded() {
    let log = Arc::new(Log::default());
    let began = log.begin();
    let tags: Vec<u64> = (0..20_000).collect();
    purge(&log, &tags, Overtaken::Removed);
    assert_eq!(records(&log), MAX_RECORDS / 2);
    assert_eq!(log.overtaken(&[u64::MAX], began.order(), log.order()), REMOVED);
}

#[test]
fn a_purge_counts_from_its_own_end_on_whatever_else_is_pending() {
    let log = Arc::new(Log::default());
    let before = log.begin();
    let slow = log.announce(&[1], outdated(10));
    let meanwhile = log.begin();
    purge(&log, &[2], Overtaken::Removed);
    let after = log.begin();
    assert_eq!(log.overtaken(&[2], before.order(), log.order()), REMOVED);
    assert_eq!(log.overtaken(&[2], meanwhile.order(), log.order()), REMOVED);
    assert_eq!(log.overtaken(&[2], after.order(), log.order()), None);
    assert_eq!(log.met(&[2], after.order()), None);
    // What is pending counts for what comes, and not yet for who asks.
    assert_eq!(log.met(&[1], after.order()), Some(outdated(10)));
    assert_eq!(log.overtaken(&[1], before.order(), log.order()), None);
    drop(slow);
    assert_eq!(log.overtaken(&[1], after.order(), log.order()), Some(outdated(10)));
    assert_eq!(log.met(&[1], log.begin().order()), None);
}
