//! What the client sees of an error, and what it does not.

use std::collections::BTreeSet;

use selvedge::{
    Fault,
    error::Failure,
    http::BodyExt,
    prelude::{Body, Error, HeaderValue, IntoResponse, Refusal, StatusCode},
};

use crate::edge::text;

const DETAIL: &str = "KV store `users` at /var/lib";

#[tokio::test]
async fn the_client_never_sees_the_operators_text() {
    for &refusal in Refusal::ALL {
        let cause = std::io::Error::other("disk 7 is gone");
        let response = Error::new(refusal, DETAIL).because(cause).into_response();
        assert_eq!(response.status(), refusal.status());
        assert_eq!(response.headers()["error-reason"], refusal.reason());
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
        let failure = response.extensions().get::<Failure>().unwrap().clone();
        let headers = format!("{:?}", response.headers());
        let body = text(response).await;
        assert_eq!(body, format!("{}\n", refusal.client_text()));
        for operator in ["users", "/var/lib", "disk 7"] {
            assert!(!body.contains(operator) && !headers.contains(operator), "{refusal:?}");
        }
        let logged = failure.0.chain();
        assert_eq!(logged, format!("{}: {DETAIL}: disk 7 is gone", refusal.reason()));
    }
}

#[test]
fn every_refusal_has_its_own_name_that_fits_a_header() {
    let reasons: BTreeSet<&str> = Refusal::ALL.iter().map(|refusal| refusal.reason()).collect();
    assert_eq!(reasons.len(), Refusal::ALL.len());
    assert!(reasons.iter().all(|reason| HeaderValue::from_str(reason).is_ok()));
}

#[test]
fn the_status_fits_the_fault() {
    for refusal in Refusal::ALL {
        let status = refusal.status();
        match refusal.fault() {
            Fault::Client => assert!(status.is_client_error(), "{refusal:?}"),
            _ => assert!(status.is_server_error(), "{refusal:?}"),
        }
    }
}

#[tokio::test]
async fn any_other_error_is_a_handler_failed() {
    fn failing() -> Result<(), Error> {
        "x".parse::<u8>()?;
        Ok(())
    }
    let error = failing().unwrap_err();
    assert_eq!(error.refusal(), Refusal::HandlerFailed);
    assert!(error.chain().ends_with("invalid digit found in string"), "{error:?}");
    let response = error.into_response();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!text(response).await.contains("digit"));
}

#[test]
fn a_cause_that_repeats_what_is_behind_it_is_said_once() {
    // Both say what they are made of, and that they are made of it.
    let twice = axum::Error::new(axum::Error::new(std::io::Error::other("a disk")));
    let error = Error::new(Refusal::HandlerFailed, "it broke").because(twice);
    assert_eq!(error.chain(), "handler failed: it broke: a disk");
    let parsed = "x".parse::<u8>().unwrap_err();
    let outer =
        Error::new(Refusal::HandlerFailed, "it broke").because(std::io::Error::other(parsed));
    assert_eq!(outer.chain(), "handler failed: it broke: invalid digit found in string");
}

#[tokio::test]
async fn a_body_is_read_whole_up_to_a_limit() {
    let read = |max| Body::from("12345").bytes(max);
    assert_eq!(read(5).await.unwrap(), "12345");
    assert_eq!(read(4).await.unwrap_err().refusal(), Refusal::TooLarge);
    assert!(Body::empty().bytes(0).await.unwrap().is_empty());
}
