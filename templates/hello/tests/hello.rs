//! The service as a client sees it, without a network.

use selvedge::prelude::*;
use selvedge_testkit::Edge;

#[tokio::test]
async fn it_greets() {
    let edge = Edge::from_toml(include_str!("../edge.toml"))
        .service({{crate_name}}::hello::service())
        .start()
        .await;
    let answer = edge.get("http://{{project-name}}.localhost/").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text().ends_with(" from LHR\n"), "{}", answer.text());
}
