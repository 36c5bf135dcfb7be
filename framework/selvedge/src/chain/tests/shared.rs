//! Mode `shared`: the secret itself.

use super::{AT_MS, FROM_OPENSSL, Known, secrets, terms};
use crate::Refusal;
use crate::chain::{Signer, verify};
use crate::model::manifest::ChainMode;
use crate::store::secret::Secret;

fn verdict(token: &str, accept: &[ChainMode]) -> Result<ChainMode, Refusal> {
    verify(token.as_bytes(), &terms(accept, AT_MS), &Known).map(|verified| verified.mode)
}

#[test]
fn every_secret_of_the_store_is_accepted_but_an_empty_one() {
    let accept = [ChainMode::Shared];
    assert_eq!(verdict("chain secret one", &accept), Ok(ChainMode::Shared));
    assert_eq!(verdict("chain secret two", &accept), Ok(ChainMode::Shared));
    for wrong in ["chain secret", "chain secret three", "Chain secret one", "chain secret one "] {
        assert_eq!(verdict(wrong, &accept), Err(Refusal::ChainSignatureWrong), "{wrong}");
    }
    assert_eq!(verdict("", &accept), Err(Refusal::ChainTokenMalformed));
}

#[test]
fn it_is_accepted_only_where_the_service_says_so() {
    for accept in [&[ChainMode::Signed][..], &[ChainMode::OneTime, ChainMode::Signed]] {
        assert_eq!(verdict("chain secret one", accept), Err(Refusal::ChainTokenMalformed));
    }
    assert_eq!(verdict(FROM_OPENSSL, &[ChainMode::Shared]), Err(Refusal::ChainModeRefused));
}

#[test]
fn what_would_be_taken_for_another_form_is_not_sent() {
    let shared = |plaintext: &[u8]| {
        let secret = &Secret::new(plaintext.to_vec());
        let signer = Signer { secret_id: "7", secret, pop: "LHR", now_ms: AT_MS };
        signer.shared().map_err(|error| error.refusal())
    };
    for secret in [b"".as_slice(), b"v2,x", b"7,x", b"\xff", b"a\nb"] {
        let lacks =
            matches!(shared(secret), Err(Refusal::ChainSecretMissing | Refusal::RequestInvalid));
        assert!(lacks, "{secret:?}");
    }
    let sent = shared(b"chain secret one").unwrap();
    assert_eq!(sent, "chain secret one");
    assert!(sent.is_sensitive());
    assert!(secrets("7").is_some());
}
