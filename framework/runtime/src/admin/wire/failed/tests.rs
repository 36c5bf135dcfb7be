use selvedge::{Error, Refusal};
use selvedge_account::{Refused, Subject};
use selvedge_model::name::{ServiceName, StoreKind};

use super::Failed;

fn status(failed: Failed) -> u16 {
    failed.kind.status().as_u16()
}

#[test]
fn every_refusal_of_the_account_has_its_status() {
    let text = || "x".to_owned();
    let name = ServiceName::new("").unwrap_err();
    for (refused, expected) in [
        (Refused::not_found(Subject::Link, "x"), 404),
        (Refused::UnknownResource { id: text() }, 404),
        (Refused::Duplicate { subject: Subject::Store(StoreKind::Kv), name: text() }, 409),
        (
            Refused::Linked { what: Subject::Service, store: text(), service: text(), version: 1 },
            409,
        ),
        (Refused::NotEmpty { store: text() }, 409),
        (Refused::Active { service: text() }, 409),
        (Refused::Frozen { number: 1 }, 422),
        (Refused::Unfit(vec![text()]), 422),
        (Refused::Limit { what: "links", of: "a service version", most: 50 }, 400),
        (Refused::Name(name), 400),
        (Refused::Item(text()), 400),
    ] {
        let says = refused.to_string();
        let failed = Failed::from(refused);
        assert_eq!(failed.detail, says);
        assert_eq!(status(failed), expected, "{says}");
    }
}

#[test]
fn every_refusal_of_a_store_has_its_status() {
    for (refusal, expected) in [
        (Refusal::KeyInvalid, 400),
        (Refusal::BodyFailed, 400),
        (Refusal::RequestStalled, 408),
        (Refusal::PreconditionFailed, 412),
        (Refusal::TooLarge, 413),
        (Refusal::TooManyRequests, 429),
        (Refusal::StoreFailed, 500),
        (Refusal::StoreFull, 507),
    ] {
        assert_eq!(status(Error::new(refusal, "x").into()), expected, "{refusal:?}");
    }
}

#[test]
fn the_operator_is_told_why_the_node_could_not() {
    let failed = Error::new(Refusal::StoreFailed, "the account").because("the disk is gone");
    assert_eq!(Failed::from(failed).detail, "store failed: the account: the disk is gone");
}
