//! The same seed, the same answers.

use std::time::Duration;

use selvedge_testkit::{Fault, fails, ok};

use crate::shop::{ADA, shop};

/// Everything that a run says, with what looks random in it.
async fn run(seed: u32) -> String {
    let edge = shop().seed(seed).start().await;
    let origin = edge.origin("catalog", "origin");
    origin.on("/users/1").reply(fails(Fault::Reset)).then(ok("x").max_age(1));
    let mut said = String::new();
    for _ in 0..3 {
        let answer = edge.get(ADA).header("fastly-debug", "1").await;
        said.push_str(&format!("{:?}\n{answer}\n", answer.headers));
        edge.advance(Duration::from_millis(700)).await;
    }
    let id = edge.purge("catalog").all().id;
    said.push_str(&format!(
        "{id} {}\n",
        edge.account().now().services().map(|it| it.id.as_str()).collect::<String>()
    ));
    edge.told().iter().for_each(|told| said.push_str(&format!("{told}\n")));
    said
}

#[tokio::test]
async fn runs_with_one_seed_are_the_same_and_with_another_are_not() {
    assert_eq!(run(1).await, run(1).await);
    assert_ne!(run(1).await, run(2).await);
}
