//! The site's rules, in memory.

use std::time::Duration;

use selvedge_testkit::{Edge, Method, Verdict};

async fn edge() -> Edge {
    Edge::from_toml(include_str!("../../edge.toml"))
        .service(delivery::pages::service())
        .start()
        .await
}

#[tokio::test]
async fn a_page_is_fetched_once_for_each_kind_of_device() {
    let edge = edge().await;
    let ask = async |agent: &str| {
        let ask = edge.request(Method::GET, "http://site.localhost/docs/a");
        let answer = ask.header("user-agent", agent).send().await;
        (answer.hop("site").verdict == Verdict::Hit, answer.text())
    };
    assert_eq!(ask("A desk").await, (false, "/v2/a by blue for any device\n".to_owned()));
    assert_eq!(ask("A Mobile").await, (false, "/v2/a by blue for a phone\n".to_owned()));
    assert_eq!(ask("Another desk").await, (true, "/v2/a by blue for any device\n".to_owned()));
    assert_eq!(ask("Another Mobile").await, (true, "/v2/a by blue for a phone\n".to_owned()));
}

#[tokio::test]
async fn both_are_probed_without_a_socket_and_work() {
    let edge = edge().await;
    edge.advance(Duration::from_secs(60)).await;
    assert!(edge.logs().is_empty(), "{:?}", edge.logs());
    assert_eq!(edge.get("http://site.localhost/x").await.text(), "/x by blue for any device\n");
}

#[tokio::test]
async fn a_page_has_the_fragments_of_who_asks() {
    let edge = edge().await;
    let ask = async |agent: &str| {
        let ask = edge.request(Method::GET, "http://site.localhost/page/home");
        ask.header("user-agent", agent).send().await.text()
    };
    assert_eq!(ask("A desk").await, "<h1>welcome</h1>\n/v2/news by blue for any device\n");
    assert_eq!(ask("A Mobile").await, "<h1>welcome</h1>\n/v2/news by blue for a phone\n");
}

#[tokio::test]
async fn the_archive_is_asked_for_in_one_pop() {
    let edge = edge().await;
    let visit = async |pop: &str| {
        let ask = edge.request(Method::GET, "http://site.localhost/archive/1999").at(pop);
        let answer = ask.send().await;
        let pops = answer.hops.iter().map(|hop| format!("{}@{}", hop.service, hop.pop));
        pops.collect::<Vec<_>>()
    };
    assert_eq!(visit("LHR").await, ["blue@IAD", "site@IAD", "site@LHR"]);
    assert_eq!(visit("LHR").await, ["site@LHR"]);
    assert_eq!(visit("IAD").await, ["site@IAD"]);
}
