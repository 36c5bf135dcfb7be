//! What a one-time token costs by itself: signed by one service, checked and remembered by another.

use std::time::Instant;

use selvedge::{
    chain::{Memory, Nonce, Nonces, Purpose, Secrets, Signer, Terms, verify},
    model::manifest::ChainMode,
    store::secret::Secret,
};
use selvedge_bench::Outcome;

const ROUNDS: u32 = 200_000;

struct One(Secret);

impl Secrets for One {
    fn get(&self, _: &str) -> Option<Secret> {
        Some(self.0.clone())
    }

    fn ids(&self) -> Vec<String> {
        vec!["1".to_owned()]
    }
}

/// The mean, in microseconds.
pub(crate) fn microseconds() -> Outcome<f64> {
    let known = One(Secret::new(vec![b'a'; 64]));
    let purpose =
        Purpose { service: "back", method: "GET", authority: "back.localhost", target: "/1024/0" };
    let (now_ms, window_ms) = (1_700_000_000_000, 2000);
    let terms = Terms { accept: &[ChainMode::OneTime], now_ms, window_ms, purpose };
    let memory = Memory { now_ms, window_ms, most: usize::MAX };
    let signer = Signer { secret_id: "1", secret: &known.0, pop: "LHR", now_ms };
    let mut nonces = Nonces::default();
    let start = Instant::now();
    for number in 0..ROUNDS {
        let nonce = Nonce(u128::from(number).to_be_bytes());
        let token = signer.one_time(nonce, &purpose).map_err(|error| error.chain())?;
        let verified = verify(token.as_bytes(), &terms, &known)
            .map_err(|refusal| format!("our own token: {}", refusal.reason()))?;
        let (nonce, second) = verified.once.ok_or("a one-time token has no nonce")?;
        nonces.record(nonce, second, &memory).map_err(|refusal| refusal.reason())?;
    }
    Ok(start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS))
}
