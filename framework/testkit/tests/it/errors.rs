//! Every refusal: whose fault it is, what the client is told, what the operator reads.

use std::io;

use selvedge::prelude::*;
use selvedge_testkit::{Builder, Edge, Fault, fails};

use crate::shop::MANIFEST;

/// Refuses with the refusal that the path names by its number.
#[edge_handler(path = "/{number}")]
async fn refusing(Path(number): Path<usize>) -> Result<Response> {
    let cause = io::Error::other("the innermost cause");
    Err(Error::new(Refusal::ALL[number], "an inner word\nof two lines").because(cause))
}

/// Fails with an error of its own.
#[edge_handler]
async fn failing() -> Result<Response> {
    Err(io::Error::other("the innermost cause"))?
}

fn edge(handler: selvedge::Service) -> Builder {
    let name = format!("handler = \"{}\"", handler.name());
    let manifest = MANIFEST.replace("handler = \"storefront\"", &name);
    Edge::from_toml(&manifest).env("SHOP_API_TOKEN", "t").entry("LHR").service(handler).lenient()
}

/// The line that the operator reads of an answer.
fn line(edge: &Edge, id: &str) -> String {
    edge.told().last().map(ToString::to_string).filter(|line| line.starts_with(id)).unwrap()
}

#[tokio::test]
async fn a_client_is_told_the_refusals_own_text_and_the_operator_everything() {
    let edge = edge(refusing::service()).start().await;
    for (number, refusal) in Refusal::ALL.iter().enumerate() {
        let answer = edge.get(&format!("http://shop.localhost/{number}")).await;
        assert_eq!(answer.status, refusal.status(), "{refusal:?}");
        assert_eq!(answer.header("error-reason"), refusal.reason());
        assert_eq!(answer.header("cache-control"), "no-store");
        let (id, text) = (answer.request_id().unwrap().to_owned(), answer.text());
        // This one alone names something, which is the host that the client sent.
        if *refusal != Refusal::UnknownDomain {
            let told = refusal.client_text();
            assert_eq!(text, format!("{told}\nrequest id: {id}\n"), "{refusal:?}");
        }
        assert!(text.ends_with(&format!("request id: {id}\n")) && !text.contains("innermost"));
        let line = line(&edge, &id);
        let chain = format!(
            "fault={} {}: an inner word\\nof two lines: the innermost cause",
            refusal.fault().as_str(),
            refusal.reason()
        );
        assert!(line.ends_with(&chain), "{line}");
    }
}

#[tokio::test]
async fn in_dev_the_page_has_the_whole_chain() {
    let edge = edge(refusing::service()).dev().start().await;
    for (number, refusal) in Refusal::ALL.iter().enumerate() {
        let text = edge.get(&format!("http://shop.localhost/{number}")).await.text();
        let chain = format!(
            "\n{}: {}: an inner word\nof two lines: the innermost cause\n",
            refusal.fault().as_str(),
            refusal.reason()
        );
        assert!(text.ends_with(&chain), "{text}");
    }
}

#[tokio::test]
async fn a_client_that_waits_for_a_fault_hears_whose_it_is_by_the_status() {
    use selvedge::Fault::{Backend, Client, Platform, Service};
    for refusal in Refusal::ALL {
        let status = refusal.status();
        match refusal.fault() {
            Client => assert!(status.is_client_error(), "{refusal:?}"),
            Service | Platform | Backend => assert!(status.is_server_error(), "{refusal:?}"),
        }
        let text = refusal.client_text();
        for inner in ["panic", "secret", "store", "lock", "redb", "tokio"] {
            assert!(!text.contains(inner), "{refusal:?}: {text}");
        }
    }
}

#[tokio::test]
async fn an_error_of_the_handlers_own_is_the_services_fault() {
    let edge = edge(failing::service()).start().await;
    let answer = edge.get("http://shop.localhost/").await;
    answer.assert_status(500);
    assert_eq!(answer.header("error-reason"), "handler failed");
    assert!(!answer.text().contains("innermost"), "{}", answer.text());
    edge.assert_told(
        "fault=service handler failed: the handler returned an error: the innermost cause",
    );
}

#[tokio::test]
async fn in_a_chain_each_hop_has_its_own_word_and_one_id() {
    let edge = crate::shop::shop().start().await;
    edge.origin("catalog", "origin").on("/users/1").reply(fails(Fault::Refuse));
    let answer = edge.get(crate::shop::ADA).await;
    let ids: Vec<&str> = answer.hops.iter().map(|hop| hop.request_id.as_str()).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
    let (refusal, _) = answer.hop("catalog").refused.as_ref().unwrap();
    assert_eq!(refusal.fault(), selvedge::Fault::Backend);
    edge.assert_told(&format!("{} hop=2 LHR/catalog GET /users/1 502", ids[0]));
}
