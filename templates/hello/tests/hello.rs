//! The service as a client sees it, without a network.

use selvedge_testkit::Edge;

async fn edge() -> Edge {
    Edge::from_toml(include_str!("../edge.toml"))
        .service({{crate_name}}::hello::service())
        .start()
        .await
}

#[tokio::test]
async fn it_greets() {
    let edge = edge().await;
    let answer = edge.get("http://{{project-name}}.localhost/").await;
    answer
        .assert_status(200)
        .assert_path(&["LHR/hello synthetic"]);
    assert!(answer.text().ends_with(" from LHR\n"), "{}", answer.text());
}

#[tokio::test]
async fn the_greeting_is_live() {
    let edge = edge().await;
    edge.config("settings").set("greeting", "good day").await;
    let answer = edge.get("http://{{project-name}}.localhost/").await;
    assert_eq!(answer.text(), "good day from LHR\n");
}
