//! What KV bindings ask of the host, what they refuse themselves, what they read back.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use selvedge::{
    Binding, Refusal,
    model::limits::{KV_METADATA_MAX, KV_VALUE_MAX},
    prelude::*,
    store::kv::ListMode,
};
use serde::{Deserialize, Serialize};

use crate::edge::Edge;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct User {
    name: String,
}

#[kv_store("users", value = Json<User>)]
#[derive(Clone, Debug)]
struct Users;

#[kv_store("users")]
struct Blobs;

#[kv_store("users", value = Text)]
struct Texts;

#[kv_store("other", value = Text)]
struct Elsewhere;

fn bind<B: Binding>(edge: &Arc<Edge>) -> B {
    edge.ctx(&[B::NEED]).bind().unwrap()
}

fn user(name: &str) -> User {
    User { name: name.to_owned() }
}

#[tokio::test]
async fn values_come_back_with_generation_and_metadata() {
    let users: Users = bind(&Arc::new(Edge::new()));
    assert_eq!(users.get("1").await.unwrap(), None);
    assert_eq!(users.put("1", &user("Ada")).await.unwrap(), 1);
    assert_eq!(users.put(1, &user("Bob")).metadata("m").await.unwrap(), 2);
    let item = users.get_with_generation("1").await.unwrap().unwrap();
    assert_eq!((item.value, item.generation, item.metadata), (user("Bob"), 2, "m".to_owned()));
    assert_eq!(users.link(), "users");
}

#[tokio::test]
async fn a_write_says_what_the_builder_said() {
    let edge = Arc::new(Edge::new());
    let blobs: Blobs = bind(&edge);
    let value = Bytes::from_static(b"abc");
    blobs.put("a", &value).await.unwrap();
    blobs.put("b", &value).background_fetch().await.unwrap();
    blobs.delete("b").await.unwrap();
    blobs.put("b", &value).add().ttl(Duration::from_secs(9)).await.unwrap();
    blobs.put("c", &value).append().metadata("meta").await.unwrap();
    blobs.put("d", &value).prepend().if_generation(0).await.unwrap();
    assert!(blobs.delete("a").await.unwrap());
    assert!(!blobs.delete("a").if_generation(3).await.unwrap());
    let list = blobs.list().prefix("p").limit(2).cursor("c").eventual_consistency();
    let page = list.await.unwrap();
    assert_eq!(page.keys, ["c", "d"]);
    assert_eq!(page.mode, ListMode::Eventual);
    assert_eq!(
        edge.acts(),
        [
            "put a 3 Overwrite None None None Wait",
            "put b 3 Overwrite None None None ServePrevious",
            "delete b None",
            "put b 3 Add None None Some(9s) Wait",
            "put c 3 Append None Some(\"meta\") None Wait",
            "put d 3 Prepend Some(0) None None Wait",
            "delete a None",
            "delete a Some(3)",
            "list KvQuery { prefix: \"p\", limit: Some(2), cursor: Some(\"c\"), \
             mode: Eventual }",
        ]
    );
}

#[tokio::test]
async fn nothing_is_written_before_it_is_awaited() {
    let edge = Arc::new(Edge::new());
    let blobs: Blobs = bind(&edge);
    drop(blobs.put("a", &Bytes::new()));
    assert!(edge.acts().is_empty());
}

#[tokio::test]
async fn another_generation_is_a_precondition_failed() {
    let texts: Texts = bind(&Arc::new(Edge::new()));
    texts.put("k", &"one".to_owned()).await.unwrap();
    let error = texts.put("k", &"two".to_owned()).if_generation(7).await.unwrap_err();
    assert_eq!(error.refusal(), Refusal::PreconditionFailed);
    let error = texts.put("k", &"two".to_owned()).add().await.unwrap_err();
    assert_eq!(error.into_response().status(), StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn a_bad_key_is_refused_with_its_rule_before_the_host_is_asked() {
    let edge = Arc::new(Edge::new());
    let texts: Texts = bind(&edge);
    let long = "k".repeat(1025);
    for key in ["", ".", "..", "a\nb", "a\rb", ".well-known/acme-challenge/x", &long] {
        let refused = [
            texts.get(key).await.unwrap_err(),
            texts.put(key, &String::new()).await.unwrap_err(),
            texts.delete(key).await.unwrap_err(),
        ];
        for error in refused {
            assert_eq!(error.refusal(), Refusal::KeyInvalid, "{key:?}");
            let start = "invalid key: KV store `users`: ";
            let rule = error.to_string().strip_prefix(start).map(str::to_owned).unwrap();
            assert!(!rule.is_empty(), "{key:?}");
            assert_eq!(error.chain(), format!("{start}{rule}"), "the rule is said once");
        }
    }
    assert!(edge.acts().is_empty());
    assert!(texts.put("k".repeat(1024), &String::new()).await.is_ok());
}

#[tokio::test]
async fn sizes_are_checked_before_the_host_is_asked() {
    let edge = Arc::new(Edge::new());
    let blobs: Blobs = bind(&edge);
    let largest = Bytes::from(vec![0; KV_VALUE_MAX]);
    let larger = Bytes::from(vec![0; KV_VALUE_MAX + 1]);
    let none = Bytes::new();
    let refused = [
        blobs.put("k", &larger).await.unwrap_err(),
        blobs.put("k", &none).metadata("m".repeat(KV_METADATA_MAX + 1)).await.unwrap_err(),
    ];
    assert!(refused.iter().all(|error| error.refusal() == Refusal::TooLarge));
    assert!(edge.acts().is_empty());
    assert!(blobs.put("k", &largest).metadata("m".repeat(KV_METADATA_MAX)).await.is_ok());
}

#[tokio::test]
async fn what_is_stored_in_another_form_is_the_services_fault() {
    let edge = Arc::new(Edge::new());
    let (blobs, users): (Blobs, Users) = (bind(&edge), bind(&edge));
    blobs.put("k", &Bytes::from_static(b"\xFF{")).await.unwrap();
    let error = users.get("k").await.unwrap_err();
    assert_eq!(error.refusal(), Refusal::ItemUnparsable);
    assert!(error.detail().contains("`k` in KV store `users`"), "{error}");
    let texts: Texts = bind(&edge);
    assert_eq!(texts.get("k").await.unwrap_err().refusal(), Refusal::ItemUnparsable);
}

#[tokio::test]
async fn the_hosts_own_refusals_come_through() {
    let elsewhere: Elsewhere = bind(&Arc::new(Edge::new()));
    assert_eq!(elsewhere.get("k").await.unwrap_err().refusal(), Refusal::LinkUnknown);
}

#[tokio::test]
async fn pages_come_one_after_the_other() {
    let texts: Texts = bind(&Arc::new(Edge::new()));
    for key in ["a", "b", "c", "d", "e"] {
        texts.put(key, &String::new()).await.unwrap();
    }
    let mut pages = texts.list().limit(2).pages();
    let mut keys = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        keys.push(page.keys.concat());
    }
    assert_eq!(keys, ["ab", "cd", "e"]);
    assert_eq!(pages.next().await.unwrap(), None);
}

#[tokio::test]
async fn bodies_go_in_and_come_out() {
    let blobs: Blobs = bind(&Arc::new(Edge::new()));
    let large = Bytes::from(vec![7; 100_000]);
    let generation = blobs.put_body("k", Body::from(large.clone())).metadata("m").await.unwrap();
    let item = blobs.get_body("k").await.unwrap().unwrap();
    assert_eq!((item.generation, item.metadata), (generation, "m".to_owned()));
    assert_eq!(item.value.bytes(100_000).await.unwrap(), large);
    assert!(blobs.get_body("none").await.unwrap().is_none());
}

#[tokio::test]
async fn a_body_must_tell_its_length_and_fit() {
    let edge = Arc::new(Edge::new());
    let blobs: Blobs = bind(&edge);
    let unknown = Body::new(Unknown);
    let error = blobs.put_body("k", unknown).await.unwrap_err();
    assert_eq!(error.refusal(), Refusal::LengthUnknown);
    let larger = Body::from(vec![0; KV_VALUE_MAX + 1]);
    let error = blobs.put_body("k", larger).await.unwrap_err();
    assert_eq!(error.refusal(), Refusal::TooLarge);
    assert!(edge.acts().is_empty());
    blobs.put_body("k", Body::from(vec![0; KV_VALUE_MAX])).await.unwrap();
}

/// A body that tells its length to nobody.
struct Unknown;

impl http_body::Body for Unknown {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        Poll::Ready(None)
    }
}
