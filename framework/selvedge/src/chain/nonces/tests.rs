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
