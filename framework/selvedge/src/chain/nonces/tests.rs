use super::{Memory, Nonces};
use crate::Refusal;
use crate::chain::Nonce;

fn memory(now_ms: u64) -> Memory {
    Memory { now_ms, window_ms: 2000, most: 2 }
}

fn nonce(number: u8) -> Nonce {
    Nonce([number; 16])
}

#[test]
fn a_nonce_is_accepted_once_as_long_as_its_token_is_valid() {
    let mut nonces = Nonces::default();
    let at = |nonces: &mut Nonces, now_ms| nonces.record(nonce(1), 100, &memory(now_ms));
    assert_eq!(at(&mut nonces, 99_000), Ok(()));
    assert_eq!(at(&mut nonces, 100_000), Err(Refusal::ChainTokenReplayed));
    assert_eq!(at(&mut nonces, 101_999), Err(Refusal::ChainTokenReplayed));
}

#[test]
fn what_is_forgotten_stays_refused_when_the_clock_goes_back() {
    let mut nonces = Nonces::default();
    assert_eq!(nonces.record(nonce(1), 100, &memory(100_000)), Ok(()));
    assert_eq!(nonces.record(nonce(2), 102, &memory(102_000)), Ok(()));
    assert_eq!(nonces.count(), 1);
    let back = nonces.record(nonce(1), 100, &memory(100_500));
    assert_eq!(back, Err(Refusal::ChainTokenExpired));
}

#[test]
fn the_same_nonce_of_another_second_is_another_token() {
    let mut nonces = Nonces::default();
    assert_eq!(nonces.record(nonce(1), 100, &memory(100_000)), Ok(()));
    assert_eq!(nonces.record(nonce(1), 101, &memory(100_000)), Ok(()));
}

#[test]
fn a_full_memory_refuses_and_forgets_nothing() {
    let mut nonces = Nonces::default();
    assert_eq!(nonces.record(nonce(1), 100, &memory(100_000)), Ok(()));
    assert_eq!(nonces.record(nonce(2), 100, &memory(100_000)), Ok(()));
    assert_eq!(nonces.record(nonce(3), 100, &memory(100_000)), Err(Refusal::ChainNoncesFull));
    assert_eq!(nonces.record(nonce(1), 100, &memory(100_000)), Err(Refusal::ChainTokenReplayed));
    assert_eq!(nonces.record(nonce(3), 102, &memory(102_000)), Ok(()), "there is room again");
}

#[test]
fn a_million_captured_tokens_open_nothing_and_take_no_more_room() {
    const MANY: u32 = 1_000_000;
    let memory = Memory { now_ms: 100_000, window_ms: 2000, most: 1 << 20 };
    let mut nonces = Nonces::default();
    let nonce = |number: u32| Nonce(u128::from(number).to_be_bytes());
    for number in 0..MANY {
        assert_eq!(nonces.record(nonce(number), 100, &memory), Ok(()));
    }
    for number in 0..MANY {
        let again = nonces.record(nonce(number), 100, &memory);
        assert_eq!(again, Err(Refusal::ChainTokenReplayed));
    }
    assert_eq!(nonces.count(), 1_000_000);
    let refused = (MANY..MANY + 100_000)
        .filter(|number| nonces.record(nonce(*number), 100, &memory).is_err())
        .count();
    assert_eq!((refused, nonces.count()), (100_000 - ((1 << 20) - 1_000_000), 1 << 20));
}
