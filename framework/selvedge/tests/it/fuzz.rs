//! Fuzzing chain tokens: seeds from `corpus/`, changed at random. `SELVEDGE_FUZZ_SECONDS` makes it go on.

use std::path::Path;

use selvedge::{
    chain::{Nonce, Purpose, Secrets, Terms, Token, verify},
    model::manifest::ChainMode,
    store::secret::Secret,
};
use selvedge_fuzz::fuzz;

const SECRET: &str = "chain secret one";

struct One;

impl Secrets for One {
    fn get(&self, id: &str) -> Option<Secret> {
        (id == "7").then(|| Secret::new(SECRET.as_bytes().to_vec()))
    }

    fn ids(&self) -> Vec<String> {
        vec!["7".to_owned()]
    }
}

/// The tokens that the seeds begin with; nobody who has no secret makes another one.
const GOOD: [&str; 2] = [
    "7,1700000000,LHR,0xb6119455772997525cd2d050011fb5bb920162cc5db56d97bdc9e500876add4b",
    "v2,7,1700000000,LHR,AQIDBAUGBwgJCgsMDQ4PEA,0x76aba5df8ac99b4d4a7ee3bf19ca70bac30f6c2486923694954279fcc457b655",
];

#[test]
fn chain_token() {
    let (service, method) = ("catalog", "GET");
    let (authority, target) = ("catalog.localhost", "/a/b?c=1");
    let purpose = Purpose { service, method, authority, target };
    let (now_ms, window_ms) = (1_700_000_000_000, 2000);
    let terms = Terms { accept: &ChainMode::ALL, now_ms, window_ms, purpose };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/corpus/chain_token");
    for good in GOOD {
        assert!(verify(good.as_bytes(), &terms, &One).is_ok(), "{good}");
    }
    fuzz(&folder, |bytes| {
        // What is read is written as it was: a token has one spelling.
        match Token::parse(bytes) {
            Some(Token::OneTime(token)) => assert_eq!(token.to_string().as_bytes(), bytes),
            Some(Token::Signed(token)) => assert_eq!(token.to_string().as_bytes(), bytes),
            Some(Token::Shared(text)) => assert_eq!(text.as_bytes(), bytes),
            None => {}
        }
        if verify(bytes, &terms, &One).is_ok() {
            let is_known = GOOD.iter().any(|good| good.as_bytes() == bytes);
            assert!(is_known || bytes == SECRET.as_bytes(), "a forged token was accepted");
        }
        if let Some(nonce) = std::str::from_utf8(bytes).ok().and_then(Nonce::parse) {
            assert_eq!(nonce.to_string().as_bytes(), bytes);
        }
    });
}
