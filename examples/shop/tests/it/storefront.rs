//! The shop's behaviour, in memory.

use std::time::Duration;

use selvedge_testkit::{Answer, Edge, Fault, Refusal, Verdict, fails, ok};

async fn shop() -> Edge {
    let edge = Edge::from_toml(include_str!("../../edge.toml"))
        .service(shop::storefront::service())
        .start()
        .await;
    edge.origin("catalog", "origin").on("/").reply(ok("shirts").max_age(60));
    edge
}

const SHOP: &str = "http://shop.localhost/";

#[tokio::test]
async fn the_front_page_is_the_catalogs_and_the_catalog_caches() {
    let edge = shop().await;
    let first = edge.get(SHOP).await;
    assert_eq!(first.text(), "Welcome to the shop\n\nshirts");
    first.assert_path(&["LHR/storefront pass requested", "LHR/catalog miss uri-miss"]);
    edge.advance(Duration::from_secs(59)).await;
    let second = edge.get(SHOP).await;
    second.assert_path(&["LHR/storefront pass requested", "LHR/catalog hit"]);
    assert_eq!(second.header("x-cache"), "HIT, MISS");
    assert!(second.header("cache-status").starts_with("\"LHR/catalog\"; hit"));
    edge.origin("catalog", "origin").assert_count(1);
    edge.advance(Duration::from_secs(1)).await;
    assert!(matches!(edge.get(SHOP).await.hop("catalog").verdict, Verdict::Miss(_)));
}

#[tokio::test]
async fn the_greeting_is_live() {
    let edge = shop().await;
    edge.config("shop_config").set("greeting", "Good evening").await;
    assert_eq!(edge.get(SHOP).await.text(), "Good evening\n\nshirts");
}

#[tokio::test]
async fn a_purge_of_the_catalog_reaches_the_front_page() {
    let edge = shop().await;
    let shoes = ok("shoes").max_age(60).surrogate_key("shoes");
    edge.origin("catalog", "origin").on("/pages/shoes").reply(shoes);
    let url = "http://shop.localhost/pages/shoes";
    edge.get(url).await;
    assert_eq!(edge.purge("catalog").keys(&["shoes"]).at("LHR"), 1);
    edge.get(url)
        .await
        .assert_path(&["LHR/storefront pass requested", "LHR/catalog miss uri-miss"]);
    edge.assert_told("purge of catalog: keys shoes LHR=1");
}

#[tokio::test]
async fn an_origin_that_is_gone_is_no_ones_secret_but_its_address_is() {
    let edge = shop().await;
    edge.origin("catalog", "origin").on("/pages/x").reply(fails(Fault::Refuse));
    let answer = edge.get("http://shop.localhost/pages/x").await;
    answer.assert_status(502);
    let (refusal, _) = answer.hop("catalog").refused.clone().unwrap();
    assert_eq!(refusal, Refusal::ConnectionRefused);
    assert!(answer.text().starts_with("the backend could not be reached\nrequest id: "));
    edge.assert_told("fault=backend connection refused");
}

#[tokio::test]
async fn accounts_are_never_cached() {
    let edge = shop().await;
    let origin = edge.origin("catalog", "origin");
    origin.on("/account/me").reply(ok("mine").max_age(60));
    for _ in 0..2 {
        let answer = edge.get("http://shop.localhost/account/me").await;
        answer.assert_path(&["LHR/storefront pass requested", "LHR/catalog pass requested"]);
    }
    origin.assert_count(2);
}

#[tokio::test]
async fn the_catalog_is_reached_through_the_storefront_only() {
    let edge = shop().await;
    let answer = edge.get("http://catalog.localhost/").await;
    answer.assert_status(403);
    assert_eq!(answer.refusal().unwrap().0, Refusal::ChainTokenMissing);
    edge.origin("catalog", "origin").assert_count(0);
}

async fn put(edge: &Edge, id: &str, name: &str, known: Option<&str>) -> Answer {
    let ask = edge.ask(&format!("PUT http://shop.localhost/users/{id}"));
    let ask = ask.json(format!(r#"{{"name":"{name}"}}"#));
    match known {
        Some(generation) => ask.header("if-generation-match", generation).await,
        None => ask.await,
    }
}

#[tokio::test]
async fn profiles_are_read_and_written_with_a_generation_check() {
    let edge = shop().await;
    assert_eq!(edge.get("http://shop.localhost/users/1").await.text(), r#"{"name":"Ada"}"#);
    assert_eq!(edge.get("http://shop.localhost/users/2").await.status, 404);

    let made = put(&edge, "2", "Grace", Some("0")).await;
    assert_eq!(made.status, 200);
    let again = put(&edge, "2", "Eve", Some("0")).await;
    assert_eq!(
        (again.status.as_u16(), again.header("error-reason").as_str()),
        (412, "precondition failed")
    );
    let next = put(&edge, "2", "Grace H.", Some(&made.header("generation"))).await;
    assert_eq!(next.status, 200);
    let lost = put(&edge, "2", "Eve", Some(&made.header("generation"))).await;
    assert_eq!(lost.status, 412);
    let read = edge.get("http://shop.localhost/users/2").await;
    assert_eq!(read.text(), r#"{"name":"Grace H."}"#);
    assert_eq!(read.header("generation"), next.header("generation"));
}

#[tokio::test]
async fn a_card_is_kept_until_its_profile_is_written() {
    let edge = shop().await;
    let card = async |id: &str| {
        let answer = edge.get(&format!("http://shop.localhost/users/{id}/card")).await;
        (answer.status.as_u16(), answer.text())
    };
    assert_eq!(card("1").await, (200, "Ada shops here\n".to_owned()));
    assert_eq!(card("2").await.0, 404);
    // Written past the shop, it is not seen before the card's time is over.
    assert!(edge.kv("users-store").delete("1").await);
    assert_eq!(card("1").await, (200, "Ada shops here\n".to_owned()));
    assert_eq!(put(&edge, "2", "Grace", None).await.status, 200);
    assert_eq!(card("2").await, (200, "Grace shops here\n".to_owned()));
    edge.advance(Duration::from_secs(300)).await;
    assert_eq!(card("1").await.0, 404);
}

#[tokio::test]
async fn bad_input_is_the_clients_fault() {
    let edge = shop().await;
    assert_eq!(put(&edge, "2", "Grace", Some("x")).await.status, 400);
    let dot = edge.get("http://shop.localhost/users/%2e").await;
    assert_eq!((dot.status.as_u16(), dot.header("error-reason").as_str()), (400, "invalid key"));
    let json = edge.ask("PUT http://shop.localhost/users/2").body("no json").await;
    assert_eq!(json.status, 415);
}

#[tokio::test]
async fn a_binding_can_be_used_without_a_request() {
    let edge = shop().await;
    let users: shop::Users = edge.bind("storefront");
    assert!(users.get("1").await.unwrap().is_some());
}
