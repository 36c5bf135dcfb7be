use bytes::Bytes;
use http_body::Body as _;
use http_body_util::BodyExt as _;

use super::{GATHERED, KvGather, KvValue, SMALL};
use crate::{Body, Refusal, store::kv::KvRoom};

fn gathered(chunks: &[&[u8]]) -> KvValue {
    let mut value = KvGather::default();
    chunks.iter().for_each(|chunk| value.push(Bytes::copy_from_slice(chunk)));
    value.finish()
}

#[test]
fn small_chunks_become_few() {
    let value = gathered(&vec![b"ab".as_slice(); GATHERED]);
    assert_eq!(value.len(), 2 * GATHERED);
    assert!(value.chunks().len() <= 3, "{} chunks", value.chunks().len());
    assert_eq!(value.into_bytes(), Bytes::from(b"ab".repeat(GATHERED)));
}

#[test]
fn large_chunks_are_not_copied() {
    let (first, second) = (Bytes::from(vec![1; SMALL]), Bytes::from(vec![2; SMALL]));
    let value = KvValue::from(first.clone()).followed_by(&KvValue::from(second.clone()));
    let places: Vec<_> = value.chunks().iter().map(|chunk| chunk.as_ptr()).collect();
    assert_eq!(places, [first.as_ptr(), second.as_ptr()]);
}

#[test]
fn the_same_bytes_are_the_same_value() {
    let large = vec![7; SMALL];
    let cut = gathered(&[b"a", &large, b"b"]);
    let whole = KvValue::from([b"a".as_slice(), &large, b"b"].concat());
    assert_eq!(cut.chunks().len(), 3);
    assert_eq!(cut, whole);
    assert_ne!(cut, KvValue::from(large));
    assert_eq!(gathered(&[]), KvValue::default());
    assert_eq!(gathered(&[b""]).chunks().concat(), b"");
}

#[tokio::test]
async fn a_body_of_it_knows_its_length() {
    let large = vec![7; SMALL];
    let value = gathered(&[b"a", &large, b"b"]);
    let mut body = value.clone().into_body();
    assert_eq!(body.size_hint().exact(), Some(SMALL as u64 + 2));
    body.frame().await.unwrap().unwrap();
    assert_eq!(body.size_hint().exact(), Some(SMALL as u64 + 1));
    assert_eq!(KvValue::read(value.clone().into_body(), SMALL + 2).await.unwrap(), value);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let value = gathered(&[b"a", &[7; SMALL]]);
    let refused = KvValue::read(value.clone().into_body(), SMALL).await.unwrap_err();
    assert_eq!(refused.refusal(), Refusal::TooLarge);
    // The same where the length is not known before.
    let unknown = value.into_body().map_frame(|frame| frame).boxed_unsync();
    let unknown = Body::new(Unknown(unknown));
    let refused = KvValue::read(unknown, SMALL).await.unwrap_err();
    assert_eq!(refused.refusal(), Refusal::TooLarge);
}

/// A body that does not tell its length.
struct Unknown<B>(B);

impl<B: http_body::Body + Unpin> http_body::Body for Unknown<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<B::Data>, B::Error>>> {
        std::pin::Pin::new(&mut self.0).poll_frame(cx)
    }
}

/// In whatever form its bytes are passed on.
#[tokio::test]
async fn room_lasts_as_long_as_the_bytes() {
    let whole = || KvValue::from(vec![7; SMALL]);
    let many = || gathered(&[&vec![7; SMALL], &vec![8; SMALL]]);
    for value in [whole, many] {
        let permit = std::sync::Arc::new(());
        let held = || value().held_in(KvRoom::held(permit.clone()));
        let count = || std::sync::Arc::strong_count(&permit) - 1;
        let bytes = held().into_bytes();
        let piece = bytes.slice(1..2);
        drop(bytes);
        assert_eq!(count(), 1);
        drop(piece);
        assert_eq!(count(), 0);
        let mut body = held().into_body();
        let first = body.frame().await.unwrap().unwrap();
        assert_eq!(count(), 1);
        drop((first, body));
        assert_eq!(count(), 0);
    }
}
