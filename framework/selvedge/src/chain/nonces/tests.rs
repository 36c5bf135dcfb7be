use super::Nonces;
use crate::Refusal;
use crate::chain::Nonce;

const WINDOW_MS: u64 = 2000;

fn nonce(number: u8) -> Nonce {
    Nonce([number; 16])
}

#[test]
fn a_nonce_is_accepted_once_as_long_as_its_token_is_valid() {
    let mut nonces = Nonces::at_most(8);
    let at = |nonces: &mut Nonces, now_ms| nonces.record(nonce(1), 100, now_ms, WINDOW_MS);
    assert_eq!(at(&mut nonces, 99_000), Ok(()));
    assert_eq!(at(&mut nonces, 100_000), Err(Refusal::ChainTokenReplayed));
    assert_eq!(at(&mut nonces, 101_999), Err(Refusal::ChainTokenReplayed));
}

#[test]
fn what_is_forgotten_stays_refused_when_the_clock_goes_back() {
    let mut nonces = Nonces::at_most(8);
    assert_eq!(nonces.record(nonce(1), 100, 100_000, WINDOW_MS), Ok(()));
    assert_eq!(nonces.record(nonce(2), 102, 102_000, WINDOW_MS), Ok(()));
    assert_eq!(nonces.count(), 1);
    let back = nonces.record(nonce(1), 100, 100_500, WINDOW_MS);
    assert_eq!(back, Err(Refusal::ChainTokenExpired));
}

#[test]
fn the_same_nonce_of_another_second_is_another_token() {
    let mut nonces = Nonces::at_most(8);
    assert_eq!(nonces.record(nonce(1), 100, 100_000, WINDOW_MS), Ok(()));
    assert_eq!(nonces.record(nonce(1), 101, 100_000, WINDOW_MS), Ok(()));
}

#[test]
fn a_full_memory_refuses_and_forgets_nothing() {
    let mut nonces = Nonces::at_most(2);
    assert_eq!(nonces.record(nonce(1), 100, 100_000, WINDOW_MS), Ok(()));
    assert_eq!(nonces.record(nonce(2), 100, 100_000, WINDOW_MS), Ok(()));
    assert_eq!(nonces.record(nonce(3), 100, 100_000, WINDOW_MS), Err(Refusal::ChainNoncesFull));
    assert_eq!(nonces.record(nonce(1), 100, 100_000, WINDOW_MS), Err(Refusal::ChainTokenReplayed));
    assert_eq!(nonces.record(nonce(3), 102, 102_000, WINDOW_MS), Ok(()), "there is room again");
}
