//! Large values that are read slowly, while others write.

use http_body_util::BodyExt;
use selvedge::Body;

use super::*;

const LARGE: usize = 2_000_000;

pub(super) async fn check(engine: &Arc<dyn KvEngine>) {
    a_value_is_the_one_that_was_found(&Store::new(engine, "reading")).await;
    a_body_knows_its_length(&Store::new(engine, "lengths")).await;
}

pub(in crate::stores::kv) fn large(byte: u8) -> KvWrite {
    write(vec![byte; LARGE])
}

/// What has come of a body.
pub(in crate::stores::kv) struct Reading {
    body: Body,
    pub(in crate::stores::kv) read: Vec<u8>,
}

impl Store {
    /// Begins to read a value: its first bytes are there.
    pub(in crate::stores::kv) async fn begin(&self, key: &str) -> Reading {
        let found = self.engine.find(&self.id, &kv_key(key), self.now_ms).await.unwrap().unwrap();
        let mut body = found.into_body().1;
        let read = body.frame().await.unwrap().unwrap().into_data().unwrap().to_vec();
        Reading { body, read }
    }
}

impl Reading {
    /// The rest, or that it broke off.
    pub(in crate::stores::kv) async fn rest(mut self) -> std::result::Result<Vec<u8>, axum::Error> {
        while let Some(frame) = self.body.frame().await {
            self.read.extend_from_slice(&frame?.into_data().unwrap());
        }
        Ok(self.read)
    }
}

async fn a_value_is_the_one_that_was_found(store: &Store) {
    store.put("k", large(1)).await.unwrap();
    let first = store.begin("k").await;
    store.put("k", KvWrite { mode: InsertMode::Append, ..write("more") }).await.unwrap();
    store.put("k", large(2)).await.unwrap();
    let second = store.begin("k").await;
    assert!(store.delete("k", None).await.unwrap());
    for _ in 0..3 {
        store.put("other", large(3)).await.unwrap();
    }
    assert!(first.rest().await.unwrap() == vec![1; LARGE], "another value than was found");
    assert!(second.rest().await.unwrap() == vec![2; LARGE], "another value than was found");
}

async fn a_body_knows_its_length(store: &Store) {
    for bytes in [0, 1, 300_000] {
        store.put("k", write(vec![7; bytes])).await.unwrap();
        let found = store.engine.find(&store.id, &kv_key("k"), store.now_ms).await.unwrap();
        let body = found.unwrap().into_body().1;
        let told = http_body::Body::size_hint(&body).exact();
        assert_eq!(told, u64::try_from(bytes).ok());
        assert_eq!(body.collect().await.unwrap().to_bytes().len(), bytes);
    }
}
