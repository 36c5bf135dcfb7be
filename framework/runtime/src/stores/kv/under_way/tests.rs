use std::time::Duration;

use futures_util::FutureExt;
use selvedge::store::kv::KvValue;
use selvedge_model::limits::KV_VALUE_MAX;

use super::*;
use crate::{
    clock::ManualClock,
    stores::kv::contract::{kv_key, write},
};

const ALL: usize = STORE_WAY_KIB * KIB;

#[test]
fn who_finds_no_room_waits_for_it() {
    let (under_way, clock) = (UnderWay::to_stores(), ManualClock::at(0));
    let room = |bytes| under_way.room(bytes, &clock).now_or_never().map(Result::unwrap);
    let mut held: Vec<_> = (0..ALL / KV_VALUE_MAX).map(|_| room(KV_VALUE_MAX).unwrap()).collect();
    assert!(room(KV_VALUE_MAX).is_none());
    assert!(room(10).is_some());
    drop(held.pop());
    assert!(room(KV_VALUE_MAX).is_some());
    held.clear();
    assert_eq!(under_way.free(), ALL);
    assert!(room(ALL + 1).is_some());
}

#[test]
fn who_waits_too_long_is_told_so() {
    let (under_way, clock) = (UnderWay::to_stores(), ManualClock::at(0));
    let _all = under_way.room(ALL, &clock).now_or_never().unwrap().unwrap();
    let mut waiting = Box::pin(under_way.room(1, &clock));
    assert!((&mut waiting).now_or_never().is_none());
    clock.advance(Duration::from_millis(STORE_WAY_WAIT_MS - 1));
    assert!((&mut waiting).now_or_never().is_none());
    clock.advance(Duration::from_millis(1));
    let refused = waiting.now_or_never().unwrap().unwrap_err();
    assert_eq!(refused.refusal(), Refusal::TooManyRequests);
}

/// What came without room gets it in one piece; what brought some needs no more, were there none.
#[test]
fn room_is_counted_once_and_until_the_last_write_of_it_is_gone() {
    let under_way = UnderWay::to_stores();
    let of = |bytes: usize| (kv_key("k"), write(vec![0_u8; bytes]));
    let mut writes = vec![of(KIB), of(3 * KIB), of(0)];
    under_way.fill(&mut writes).now_or_never().unwrap();
    assert_eq!(under_way.free(), ALL - 4 * KIB);
    let rest = under_way.take(ALL - 4 * KIB).now_or_never().unwrap();
    under_way.fill(&mut writes).now_or_never().unwrap();
    assert!(under_way.fill(&mut [of(1)]).now_or_never().is_none());
    drop((rest, writes.pop(), writes.pop()));
    assert_eq!(under_way.free(), ALL - 4 * KIB);
    let written = KvWrite { value: KvValue::default(), ..writes.remove(0).1 };
    drop(written);
    assert_eq!(under_way.free(), ALL);
}
