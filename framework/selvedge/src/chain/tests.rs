//! Tokens as a table: what is accepted, and by which name the rest is refused. Here mode `signed`, and what all share.

mod one_time;
mod shared;

use super::{
    Purpose, SECRET_ID_KEY, Secrets, Signer, TOKEN_MAX, Terms, Verified, admit, current_secret,
    signed::Signed, verify,
};
use crate::{Error, Refusal, Result, model::manifest::ChainMode, store::secret::Secret};

/// Computed with `printf '1700000000,LHR' | openssl dgst -sha256 -hmac 'chain secret one'`.
const FROM_OPENSSL: &str =
    "7,1700000000,LHR,0xb6119455772997525cd2d050011fb5bb920162cc5db56d97bdc9e500876add4b";
const AT_MS: u64 = 1_700_000_000_000;

fn secrets(id: &str) -> Option<Secret> {
    match id {
        "7" => Some(Secret::new(b"chain secret one".to_vec())),
        "8" => Some(Secret::new(b"chain secret two".to_vec())),
        "9" => Some(Secret::new(Vec::new())),
        _ => None,
    }
}

/// The secrets by their ids.
struct Known;

impl Secrets for Known {
    fn get(&self, id: &str) -> Option<Secret> {
        secrets(id)
    }

    fn ids(&self) -> Vec<String> {
        ["7", "8", "9"].map(str::to_owned).to_vec()
    }
}

const PURPOSE: Purpose<'static> = Purpose {
    service: "catalog",
    method: "GET",
    authority: "Catalog.localhost",
    target: "/a/b?c=1",
};

fn terms(accept: &[ChainMode], now_ms: u64) -> Terms<'_> {
    Terms { accept, now_ms, window_ms: 2000, purpose: PURPOSE }
}

fn judged(token: &[u8], now_ms: u64) -> Result<Verified, Refusal> {
    verify(token, &terms(&[ChainMode::Signed], now_ms), &Known)
}

fn verdict(token: &str, now_ms: u64) -> Result<String, Refusal> {
    judged(token.as_bytes(), now_ms).map(|verified| verified.pop.unwrap())
}

fn sign(id: &str, secret: &[u8], pop: &str, now_ms: u64) -> Result<http::HeaderValue> {
    let secret = &Secret::new(secret.to_vec());
    Signer { secret_id: id, secret, pop, now_ms }.signed()
}

#[test]
fn what_we_sign_is_what_openssl_signs() {
    let token = sign("7", b"chain secret one", "LHR", AT_MS + 999).unwrap();
    assert_eq!(token, FROM_OPENSSL);
    assert!(token.is_sensitive());
}

#[test]
fn what_we_sign_is_accepted() {
    let token = sign("8", b"chain secret two", "a b", AT_MS).unwrap();
    let verified = judged(token.as_bytes(), AT_MS).unwrap();
    assert_eq!((verified.pop.as_deref(), verified.secret_id.as_deref()), (Some("a b"), Some("8")));
}

#[test]
fn a_token_is_valid_for_less_than_two_seconds_either_way() {
    for (offset, valid) in
        [(-2000, false), (-1999, true), (0, true), (1, true), (1999, true), (2000, false)]
    {
        let expected = if valid { Ok("LHR".to_owned()) } else { Err(Refusal::ChainTokenExpired) };
        assert_eq!(
            verdict(FROM_OPENSSL, AT_MS.saturating_add_signed(offset)),
            expected,
            "{offset}"
        );
    }
    assert_eq!(verdict(FROM_OPENSSL, 0), Err(Refusal::ChainTokenExpired));
    assert_eq!(verdict(FROM_OPENSSL, u64::MAX), Err(Refusal::ChainTokenExpired));
}

#[test]
fn every_change_is_refused_by_its_name() {
    let mac = FROM_OPENSSL.rsplit(',').next().unwrap();
    let digits = &mac[2..];
    let cases = [
        (format!("8,1700000000,LHR,{mac}"), Refusal::ChainSignatureWrong),
        (format!("7,1700000001,LHR,{mac}"), Refusal::ChainSignatureWrong),
        (format!("7,01700000000,LHR,{mac}"), Refusal::ChainSignatureWrong),
        (format!("7,1700000000,LHS,{mac}"), Refusal::ChainSignatureWrong),
        (format!("7,1700000000,LHR ,{mac}"), Refusal::ChainSignatureWrong),
        (format!("7,1700000000,LHR,0x{}c", &digits[..63]), Refusal::ChainSignatureWrong),
        (format!("6,1700000000,LHR,{mac}"), Refusal::ChainSecretUnknown),
        (format!("9,1700000000,LHR,{mac}"), Refusal::ChainSecretUnknown),
        (format!("07,1700000000,LHR,{mac}"), Refusal::ChainSecretUnknown),
        (String::new(), Refusal::ChainTokenMalformed),
        (format!(" {FROM_OPENSSL}"), Refusal::ChainTokenMalformed),
        (format!("{FROM_OPENSSL} "), Refusal::ChainTokenMalformed),
        (format!("{FROM_OPENSSL},"), Refusal::ChainTokenMalformed),
        (format!("{FROM_OPENSSL}\n"), Refusal::ChainTokenMalformed),
        (format!("7, 1700000000,LHR,{mac}"), Refusal::ChainTokenMalformed),
        (format!("a7,1700000000,LHR,{mac}"), Refusal::ChainTokenMalformed),
        (format!("-7,1700000000,LHR,{mac}"), Refusal::ChainTokenMalformed),
        (format!("٧,1700000000,LHR,{mac}"), Refusal::ChainTokenMalformed),
        (format!(",1700000000,LHR,{mac}"), Refusal::ChainTokenMalformed),
        (format!("7,,LHR,{mac}"), Refusal::ChainTokenMalformed),
        (format!("7,+1700000000,LHR,{mac}"), Refusal::ChainTokenMalformed),
        (format!("7,1700000000,,{mac}"), Refusal::ChainTokenMalformed),
        (format!("7,1700000000,L,HR,{mac}"), Refusal::ChainTokenMalformed),
        ("7,1700000000,LHR".to_owned(), Refusal::ChainTokenMalformed),
        (format!("7,1700000000,LHR,{digits}"), Refusal::ChainTokenMalformed),
        (format!("7,1700000000,LHR,0x{}", digits.to_uppercase()), Refusal::ChainTokenMalformed),
        (format!("7,1700000000,LHR,0X{digits}"), Refusal::ChainTokenMalformed),
        (format!("7,1700000000,LHR,0x{}", &digits[..62]), Refusal::ChainTokenMalformed),
        (format!("7,1700000000,LHR,0x{digits}00"), Refusal::ChainTokenMalformed),
        (format!("7,1700000000,LHR,0x{}g", &digits[..63]), Refusal::ChainTokenMalformed),
        (format!("7,1700000000,LHR,0x{}é", &digits[..62]), Refusal::ChainTokenMalformed),
        (format!("7,1700000000,{},{mac}", "L".repeat(TOKEN_MAX)), Refusal::ChainTokenMalformed),
    ];
    for (token, refusal) in cases {
        assert_eq!(verdict(&token, AT_MS), Err(refusal), "{token:?}");
    }
}

#[test]
fn the_signature_is_judged_before_the_time() {
    let forged = FROM_OPENSSL.replace("0xb", "0xc");
    assert_eq!(verdict(&forged, AT_MS + 60_000), Err(Refusal::ChainSignatureWrong));
}

#[test]
fn a_signed_time_beyond_all_time_is_expired() {
    let token =
        Signed { secret_id: "7", seconds: "99999999999999999999999", pop: "LHR", mac: [0; 32] };
    let mac =
        super::sign::mac(&Secret::new(b"chain secret one".to_vec()), &token.covered()).unwrap();
    let token = Signed { mac, ..token }.to_string();
    assert_eq!(verdict(&token, AT_MS), Err(Refusal::ChainTokenExpired));
}

#[test]
fn bytes_that_are_no_text_are_malformed() {
    let mut token = FROM_OPENSSL.as_bytes().to_vec();
    token[14] = 0xFF;
    assert_eq!(judged(&token, AT_MS), Err(Refusal::ChainTokenMalformed));
}

#[test]
fn a_cut_token_never_passes() {
    for end in 0..FROM_OPENSSL.len() {
        assert_eq!(
            verdict(&FROM_OPENSSL[..end], AT_MS),
            Err(Refusal::ChainTokenMalformed),
            "{end}"
        );
    }
}

#[test]
fn a_request_has_exactly_one_token() {
    let token = FROM_OPENSSL.as_bytes();
    let admitted = |tokens: &[&[u8]]| {
        admit(tokens.iter().copied(), &terms(&[ChainMode::Signed], AT_MS), &Known)
    };
    assert_eq!(admitted(&[]), Err(Refusal::ChainTokenMissing));
    assert!(admitted(&[token]).is_ok());
    assert_eq!(admitted(&[token, token]), Err(Refusal::ChainTokenMalformed));
}

#[test]
fn the_window_is_the_services() {
    let terms = Terms { window_ms: 60_000, ..terms(&[ChainMode::Signed], AT_MS + 59_999) };
    assert!(verify(FROM_OPENSSL.as_bytes(), &terms, &Known).is_ok());
    let terms = Terms { now_ms: AT_MS + 60_000, ..terms };
    let verdict = verify(FROM_OPENSSL.as_bytes(), &terms, &Known);
    assert_eq!(verdict, Err(Refusal::ChainTokenExpired));
}

#[test]
fn nothing_is_signed_that_would_not_be_accepted() {
    let refusal = |id: &str, secret: &[u8], pop: &str| {
        sign(id, secret, pop, AT_MS).map_err(|error| error.refusal()).err()
    };
    for id in ["", "x", "7a", " 7", "-7", "٧"] {
        assert_eq!(refusal(id, b"s", "LHR"), Some(Refusal::ChainSecretMissing), "{id:?}");
    }
    assert_eq!(refusal("7", b"", "LHR"), Some(Refusal::ChainSecretMissing));
    for pop in ["", "L,HR", "L\nHR", &"L".repeat(TOKEN_MAX)] {
        assert_eq!(refusal("7", b"s", pop), Some(Refusal::RequestInvalid), "{pop:?}");
    }
    let long_id = "7".repeat(TOKEN_MAX);
    assert_eq!(refusal(&long_id, b"s", "LHR"), Some(Refusal::RequestInvalid));
}

#[test]
fn the_current_secret_is_found_by_its_id() {
    let config = |key: &str| Ok((key == SECRET_ID_KEY).then(|| "7".to_owned()));
    let (id, secret) = current_secret(config, |id| Ok(secrets(id))).unwrap();
    assert_eq!((id.as_str(), secret.plaintext()), ("7", b"chain secret one".as_slice()));
}

#[test]
fn what_lacks_to_sign_is_named() {
    let lacking = |id: Option<&str>| -> Error {
        let config = |_: &str| Ok(id.map(str::to_owned));
        current_secret(config, |id| Ok(secrets(id))).unwrap_err()
    };
    for (id, named) in [
        (None, "`edge_auth_secret_id`"),
        (Some("6"), "no secret named `6`"),
        (Some("9"), "`9` is empty"),
    ] {
        let error = lacking(id);
        assert_eq!(error.refusal(), Refusal::ChainSecretMissing);
        assert!(error.detail().contains(named), "{}", error.detail());
    }
}
