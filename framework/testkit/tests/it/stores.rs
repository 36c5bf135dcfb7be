//! Stores from outside.

use selvedge_testkit::ok;

use crate::{
    failure,
    shop::{ADA, Users, shop},
};

#[tokio::test]
async fn a_kv_store_is_seeded_and_read() {
    let edge = shop().start().await;
    edge.origin("catalog", "origin").otherwise().reply(ok("x"));
    let people = edge.kv("people");
    assert_eq!(people.keys().await, ["1"]);
    let first = people.put("2", "Grace").await;
    assert!(people.put("2", "Grace H.").await > first);
    let answer = edge.pop("IAD").get("http://shop.localhost/users/2").await;
    assert_eq!(answer.text(), "hello Grace H.\nx");
    assert_eq!(people.text("2").await.as_deref(), Some("Grace H."));
    assert!(people.delete("2").await && !people.delete("2").await);
    assert_eq!(people.get("2").await, None);
    let users: Users = edge.bind("storefront");
    users.put("3", &"Edsger".to_owned()).await.unwrap();
    assert_eq!(people.text("3").await.as_deref(), Some("Edsger"));
}

#[tokio::test]
async fn all_keys_are_more_than_a_page() {
    let edge = shop().start().await;
    let people = edge.kv("people");
    for number in 0..1_500 {
        people.put(&format!("k{number:04}"), "x").await;
    }
    assert_eq!(people.keys().await.len(), 1_501);
}

#[tokio::test]
async fn config_and_secrets_are_live() {
    let edge = shop().start().await;
    edge.origin("catalog", "origin").otherwise().reply(ok("x"));
    edge.config("texts").set("greeting", "good day").await;
    edge.secrets("tokens").set("api_token", "another").await;
    assert_eq!(edge.get(ADA).await.text(), "good day Ada\nx");
    assert_eq!(edge.origin("catalog", "origin").last().header("x-token"), "another");
    edge.config("texts").remove("greeting").await;
    assert_eq!(edge.config("texts").get("greeting"), None);
    assert_eq!(edge.get(ADA).await.header("error-reason"), "item missing");
    edge.secrets("tokens").remove("api_token").await;
    assert!(edge.secrets("tokens").get("api_token").is_none());
}

#[tokio::test]
async fn a_store_that_is_none_is_named() {
    let text = failure(async {
        let _ = shop().start().await.kv("poeple");
    });
    assert_eq!(text.await, "there is no kv_store `poeple`; there are `people`");
    let text = failure(async {
        shop().start().await.kv("people").put("", "x").await;
    });
    assert!(text.await.contains("key"));
}
