//! Mode `one-time`: for one request, once.

use super::{AT_MS, Known, PURPOSE, secrets, terms};
use crate::Refusal;
use crate::chain::{Nonce, Purpose, Signer, Terms, verify};
use crate::model::manifest::ChainMode;
use crate::store::secret::Secret;

/// Computed with openssl over the nine lines of the token's signed text.
const FROM_OPENSSL: &str = "v2,7,1700000000,LHR,AQIDBAUGBwgJCgsMDQ4PEA,0x76aba5df8ac99b4d4a7ee3bf19ca70bac30f6c2486923694954279fcc457b655";

const NONCE: Nonce = Nonce([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);

fn judge(token: &str, terms: &Terms<'_>) -> Result<Option<(Nonce, u64)>, Refusal> {
    verify(token.as_bytes(), terms, &Known).map(|verified| verified.once)
}

fn once() -> Terms<'static> {
    terms(&[ChainMode::OneTime], AT_MS)
}

#[test]
fn what_we_sign_is_what_openssl_signs() {
    let secret = &secrets("7").unwrap();
    let signer = Signer { secret_id: "7", secret, pop: "LHR", now_ms: AT_MS + 999 };
    let token = signer.unmarked(NONCE, &PURPOSE).unwrap();
    assert_eq!(token, FROM_OPENSSL);
    assert!(token.is_sensitive());
}

#[test]
fn a_valid_token_says_what_must_not_come_again() {
    assert_eq!(judge(FROM_OPENSSL, &once()), Ok(Some((NONCE, AT_MS / 1000))));
}

#[test]
fn it_is_good_for_no_other_request() {
    let others = [
        Purpose { service: "other", ..PURPOSE },
        Purpose { service: "Catalog", ..PURPOSE },
        Purpose { method: "HEAD", ..PURPOSE },
        Purpose { method: "get", ..PURPOSE },
        Purpose { authority: "catalog.localhost:80", ..PURPOSE },
        Purpose { authority: "catalog.localhost.", ..PURPOSE },
        Purpose { target: "/a/b", ..PURPOSE },
        Purpose { target: "/A/b?c=1", ..PURPOSE },
        Purpose { target: "/a/b?c=1&", ..PURPOSE },
        Purpose { target: "/a/./b?c=1", ..PURPOSE },
    ];
    for purpose in others {
        let verdict = judge(FROM_OPENSSL, &Terms { purpose, ..once() });
        assert_eq!(verdict, Err(Refusal::ChainSignatureWrong), "{purpose:?}");
    }
    let same = Purpose { authority: "CATALOG.localhost", ..PURPOSE };
    assert!(judge(FROM_OPENSSL, &Terms { purpose: same, ..once() }).is_ok());
}

#[test]
fn every_change_is_refused_by_its_name() {
    let mac = FROM_OPENSSL.rsplit(',').next().unwrap();
    let cases = [
        (format!("v2,8,1700000000,LHR,AQIDBAUGBwgJCgsMDQ4PEA,{mac}"), Refusal::ChainSignatureWrong),
        (format!("v2,7,1700000001,LHR,AQIDBAUGBwgJCgsMDQ4PEA,{mac}"), Refusal::ChainSignatureWrong),
        (
            format!("v2,7,01700000000,LHR,AQIDBAUGBwgJCgsMDQ4PEA,{mac}"),
            Refusal::ChainSignatureWrong,
        ),
        (format!("v2,7,1700000000,LHS,AQIDBAUGBwgJCgsMDQ4PEA,{mac}"), Refusal::ChainSignatureWrong),
        (format!("v2,7,1700000000,LHR,BQIDBAUGBwgJCgsMDQ4PEA,{mac}"), Refusal::ChainSignatureWrong),
        (format!("v2,6,1700000000,LHR,AQIDBAUGBwgJCgsMDQ4PEA,{mac}"), Refusal::ChainSecretUnknown),
        (format!("v2,9,1700000000,LHR,AQIDBAUGBwgJCgsMDQ4PEA,{mac}"), Refusal::ChainSecretUnknown),
        (format!("v1,7,1700000000,LHR,AQIDBAUGBwgJCgsMDQ4PEA,{mac}"), Refusal::ChainTokenMalformed),
        (format!("V2,7,1700000000,LHR,AQIDBAUGBwgJCgsMDQ4PEA,{mac}"), Refusal::ChainTokenMalformed),
        (format!("v2,x,1700000000,LHR,AQIDBAUGBwgJCgsMDQ4PEA,{mac}"), Refusal::ChainTokenMalformed),
        (format!("v2,7,1700000000,LHR,AQIDBAUGBwgJCgsMDQ4PE,{mac}"), Refusal::ChainTokenMalformed),
        (format!("v2,7,1700000000,LHR,AQIDBAUGBwgJCgsMDQ4PEB,{mac}"), Refusal::ChainTokenMalformed),
        (format!("v2,7,1700000000,LHR,AQIDBAUGBwgJCgsMDQ4P+A,{mac}"), Refusal::ChainTokenMalformed),
        (
            format!("v2,7,1700000000,LHR,AQIDBAUGBwgJCgsMDQ4PEA==,{mac}"),
            Refusal::ChainTokenMalformed,
        ),
        (
            format!("v2,7,1700000000,L\nHR,AQIDBAUGBwgJCgsMDQ4PEA,{mac}"),
            Refusal::ChainTokenMalformed,
        ),
        (format!("{FROM_OPENSSL},"), Refusal::ChainTokenMalformed),
        (format!("{FROM_OPENSSL} "), Refusal::ChainTokenMalformed),
        (FROM_OPENSSL.to_uppercase(), Refusal::ChainTokenMalformed),
    ];
    for (token, refusal) in cases {
        assert_eq!(judge(&token, &once()), Err(refusal), "{token:?}");
    }
}

#[test]
fn its_time_counts_like_that_of_every_token() {
    for (offset, valid) in [(-2000, false), (-1999, true), (1999, true), (2000, false)] {
        let now_ms = AT_MS.saturating_add_signed(offset);
        let verdict = judge(FROM_OPENSSL, &Terms { now_ms, ..once() });
        assert_eq!(verdict.is_ok(), valid, "{offset}: {verdict:?}");
    }
}

#[test]
fn it_is_accepted_only_where_the_service_says_so() {
    let terms = terms(&[ChainMode::Signed, ChainMode::Shared], AT_MS);
    assert_eq!(judge(FROM_OPENSSL, &terms), Err(Refusal::ChainModeRefused));
}

#[test]
fn nothing_is_signed_that_would_not_be_accepted() {
    let refusal = |id: &str, secret: &[u8], pop: &str| {
        let secret = &Secret::new(secret.to_vec());
        let signer = Signer { secret_id: id, secret, pop, now_ms: AT_MS };
        signer.one_time(NONCE, &PURPOSE).map_err(|error| error.refusal()).err()
    };
    assert_eq!(refusal("x", b"s", "LHR"), Some(Refusal::ChainSecretMissing));
    assert_eq!(refusal("7", b"", "LHR"), Some(Refusal::ChainSecretMissing));
    assert_eq!(refusal("7", b"s", "L,HR"), Some(Refusal::RequestInvalid));
}

/// One that we made, with a mark.
fn ours() -> String {
    let secret = &secrets("7").unwrap();
    let signer = Signer { secret_id: "7", secret, pop: "LHR", now_ms: AT_MS };
    signer.one_time(NONCE, &PURPOSE).unwrap().to_str().unwrap().to_owned()
}

#[test]
fn one_for_another_target_is_refused_by_that_name() {
    let ours = ours();
    let (nonce, _) = judge(&ours, &once()).unwrap().unwrap();
    assert_eq!(nonce.0[4..], NONCE.0[4..], "the rest of it is as random as before");
    for purpose in [
        Purpose { service: "other", ..PURPOSE },
        Purpose { method: "HEAD", ..PURPOSE },
        Purpose { authority: "other.localhost", ..PURPOSE },
        Purpose { target: "/a/b", ..PURPOSE },
    ] {
        let verdict = judge(&ours, &Terms { purpose, ..once() });
        assert_eq!(verdict, Err(Refusal::ChainTargetWrong), "{purpose:?}");
    }
}

#[test]
fn one_of_another_secret_or_changed_is_not() {
    let ours = ours();
    for changed in [
        ours.replacen("v2,7,", "v2,8,", 1),
        ours.replace("1700000000", "1700000001"),
        ours.replace("LHR", "LHS"),
        ours.replace("CgsM", "CgsN"),
    ] {
        assert_ne!(changed, ours);
        assert_eq!(judge(&changed, &once()), Err(Refusal::ChainSignatureWrong), "{changed}");
    }
    let last = ours.chars().last().unwrap();
    let other = if last == '0' { "1" } else { "0" };
    let forged = format!("{}{other}", &ours[..ours.len() - 1]);
    // Who changes the signature alone has not changed the mark; it is refused all the same.
    assert_eq!(judge(&forged, &once()), Err(Refusal::ChainTargetWrong));
}
