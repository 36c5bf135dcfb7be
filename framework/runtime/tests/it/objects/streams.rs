//! Bodies that are read while they are written, and ranges of them.

use http_body_util::BodyExt as _;
use selvedge::cache::core::Writer;

use super::*;

async fn writing(site: &Site, length: Option<u64>) -> (Writer, Found) {
    let insert = site.transaction("k").await.insert(secs(10));
    let insert = match length {
        Some(length) => insert.known_length(length),
        None => insert,
    };
    insert.user_metadata("meta").execute_and_stream_back().await.unwrap()
}

async fn piece(body: &mut Body) -> Bytes {
    body.frame().await.unwrap().unwrap().into_data().unwrap()
}

#[tokio::test]
async fn those_who_wait_and_those_who_come_read_along() {
    let site = Site::start().await;
    let leader = site.transaction("k").await;
    let mut waiting = site.ask("k").await;
    assert!(now(&mut waiting).is_none());
    let insert = leader.insert(secs(10)).user_metadata("meta");
    let (mut writer, own) = insert.execute_and_stream_back().await.unwrap();
    writer.write("one").await.unwrap();
    let transaction = now(&mut waiting).unwrap();
    assert!(!transaction.must_insert_or_update());
    let found = [transaction.into_found().unwrap(), site.found("k").await.unwrap(), own];
    let mut bodies: Vec<Body> = found.iter().map(|found| found.to_stream().unwrap()).collect();
    for (found, body) in found.iter().zip(&mut bodies) {
        assert_eq!((found.known_length(), found.user_metadata()), (None, "meta".into()));
        assert_eq!(piece(body).await, "one");
        assert!(body.frame().now_or_never().is_none());
    }
    writer.write("two").await.unwrap();
    writer.finish().await.unwrap();
    for body in bodies {
        assert_eq!(read(body).await.unwrap(), "two");
    }
    // Reading back does not count.
    let found = site.found("k").await.unwrap();
    assert_eq!((text(&found).await.as_str(), found.hits()), ("onetwo", 3));
    assert_eq!(found.known_length(), Some(6));
}

#[tokio::test]
async fn what_is_dropped_before_its_end_breaks_off_for_its_readers() {
    let site = Site::start().await;
    let (mut writer, own) = writing(&site, None).await;
    writer.write("one").await.unwrap();
    let body = own.to_stream().unwrap();
    drop(writer);
    assert_eq!(reason(read(body).await), Refusal::BodyFailed);
    assert!(site.found("k").await.is_none());
}

#[tokio::test]
async fn a_body_has_the_length_that_was_declared_or_is_not_stored() {
    let site = Site::start().await;
    let (mut writer, own) = writing(&site, Some(3)).await;
    assert_eq!(own.known_length(), Some(3));
    let body = own.to_stream().unwrap();
    writer.write("on").await.unwrap();
    assert_eq!(reason(writer.finish().await), Refusal::CacheMisused);
    assert_eq!(reason(read(body).await), Refusal::BodyFailed);
    let (mut writer, _) = writing(&site, Some(3)).await;
    writer.write("on").await.unwrap();
    assert_eq!(reason(writer.write("ce").await), Refusal::CacheMisused);
    drop(writer);
    let (mut writer, _) = writing(&site, Some(3)).await;
    writer.write("one").await.unwrap();
    writer.finish().await.unwrap();
    assert!(site.found("k").await.is_some());
}

#[tokio::test]
async fn a_body_is_stored_while_the_handler_goes_on() {
    let site = Site::start().await;
    let (writer, own) = writing(&site, None).await;
    writer.finish_from(Body::from("whole"));
    assert_eq!(text(&own).await, "whole");
    assert_eq!(text(&site.found("k").await.unwrap()).await, "whole");
    site.advance(15).await;
    let (writer, own) = writing(&site, None).await;
    let broken = futures_util::stream::iter([Ok(Bytes::from("wh")), Err("broken")]);
    writer.finish_from(Body::from_stream(broken));
    assert_eq!(reason(read(own.to_stream().unwrap()).await), Refusal::BodyFailed);
    assert!(site.transaction("k").await.must_insert());
}

#[tokio::test]
async fn one_stream_of_a_found_object_is_open_at_a_time() {
    let site = Site::start().await;
    site.store("k", "a").await;
    let found = site.found("k").await.unwrap();
    let body = found.to_stream().unwrap();
    assert_eq!(reason(found.to_stream()), Refusal::CacheMisused);
    assert_eq!(text(&site.found("k").await.unwrap()).await, "a");
    drop(body);
    assert_eq!(text(&found).await, "a");
}

#[tokio::test]
async fn ranges_of_what_is_stored() {
    let site = Site::start().await;
    site.store("k", "0123456789").await;
    let found = site.found("k").await.unwrap();
    for (from, to, expected) in [
        (Some(2), Some(4), "234"),
        (Some(7), None, "789"),
        (None, Some(3), "789"),
        (Some(0), Some(9), "0123456789"),
        (Some(8), Some(10), "0123456789"),
        (Some(10), None, "0123456789"),
        (None, Some(11), "0123456789"),
        (None, None, "0123456789"),
    ] {
        let body = found.to_stream_from_range(from, to).unwrap();
        assert_eq!(read(body).await.unwrap(), expected, "{from:?} {to:?}");
    }
    assert_eq!(reason(found.to_stream_from_range(Some(4), Some(3))), Refusal::CacheMisused);
    assert_eq!(text(&found).await, "0123456789");
}

#[tokio::test]
async fn ranges_of_what_is_being_written() {
    for (length, always, expected) in
        [(None, false, "0123456789"), (None, true, "234"), (Some(10), false, "234")]
    {
        let site = Site::start().await;
        let (mut writer, _) = writing(&site, length).await;
        writer.write("01234").await.unwrap();
        let lookup = site.core().await.lookup("k");
        let lookup = if always { lookup.always_use_requested_range() } else { lookup };
        let found = lookup.await.unwrap().unwrap();
        let body = found.to_stream_from_range(Some(2), Some(4)).unwrap();
        writer.write("56789").await.unwrap();
        writer.finish().await.unwrap();
        assert_eq!(read(body).await.unwrap(), expected, "{length:?} {always}");
    }
}

/// The largest object has 64 KiB here.
const PIECE: &[u8] = &[b'x'; 32 * 1024];

#[tokio::test]
async fn what_outgrows_the_shelf_is_passed_on_to_those_who_read() {
    let site = Site::start().await;
    let (mut writer, own) = writing(&site, None).await;
    let reading = tokio::spawn(own.to_stream().unwrap().bytes(1 << 20));
    for _ in 0..8 {
        writer.write(PIECE).await.unwrap();
        tokio::task::yield_now().await;
    }
    writer.finish().await.unwrap();
    assert_eq!(reading.await.unwrap().unwrap().len(), 8 * PIECE.len());
    assert!(site.transaction("k").await.must_insert());
}

#[tokio::test]
async fn where_nobody_reads_what_outgrows_the_shelf_it_is_refused() {
    let site = Site::start().await;
    let (mut writer, own) = writing(&site, None).await;
    writer.write(PIECE).await.unwrap();
    writer.write(PIECE).await.unwrap();
    assert_eq!(reason(writer.write("y").await), Refusal::ObjectTooLarge);
    assert_eq!(reason(own.to_stream()), Refusal::BodyFailed);
    let too_long = site.core().await.insert("j", secs(10)).known_length(64 * 1024 + 1);
    assert_eq!(reason(too_long.execute().await), Refusal::ObjectTooLarge);
}
