//! Gathering bodies: limits, declared lengths, chunks.

use bytes::Bytes;
use selvedge_cache::{Fill, NoStore, Shelf, StoredBody};

fn filled(limit: u64, declared: Option<u64>, pieces: &[&[u8]]) -> Result<StoredBody, NoStore> {
    let mut fill = Fill::new(limit, declared);
    for piece in pieces {
        fill.push(piece)?;
    }
    fill.finish()
}

/// Limit, declared length, pieces, and the length that is stored.
type Case = (u64, Option<u64>, &'static [&'static [u8]], Result<u64, NoStore>);

#[test]
fn limits_and_lengths() {
    let table: [Case; 10] = [
        (10, None, &[], Ok(0)),
        (0, None, &[], Ok(0)),
        (10, Some(0), &[], Ok(0)),
        (10, None, &[b"hello", b"", b"world"], Ok(10)),
        (10, None, &[b"hello", b"world!"], Err(NoStore::TooLarge)),
        (10, Some(10), &[b"hello", b"world"], Ok(10)),
        (10, Some(10), &[b"hello"], Err(NoStore::Incomplete)),
        (10, Some(4), &[b"hello"], Err(NoStore::Incomplete)),
        (10, Some(11), &[b"hello"], Err(NoStore::TooLarge)),
        (10, Some(11), &[], Err(NoStore::TooLarge)),
    ];
    for (limit, declared, pieces, expected) in table {
        let got = filled(limit, declared, pieces).map(|body| body.len());
        assert_eq!(got, expected, "{limit} {declared:?} {pieces:?}");
    }
}

#[test]
fn a_refusal_is_final() {
    let mut fill = Fill::new(3, None);
    assert_eq!(fill.push(b"hello"), Err(NoStore::TooLarge));
    assert_eq!(fill.push(b"x"), Err(NoStore::TooLarge));
    assert_eq!(fill.finish().map(|body| body.len()), Err(NoStore::TooLarge));
}

#[test]
fn single_bytes_are_merged() {
    for declared in [None, Some(100_000)] {
        let pieces: Vec<&[u8]> = vec![b"x"; 100_000];
        let body = filled(u64::MAX, declared, &pieces).expect("no limit");
        assert!(body.chunks().len() <= 9, "{} chunks", body.chunks().len());
        assert_eq!(body.chunks().iter().map(Bytes::len).sum::<usize>(), 100_000);
    }
}

#[test]
fn a_small_body_is_one_chunk_of_its_own() {
    let buffer = Bytes::from(vec![b'x'; 1 << 20]);
    let mut fill = Fill::new(u64::MAX, None);
    fill.push(&buffer[7..12]).expect("no limit");
    let body = fill.finish().expect("no declared length");
    assert_eq!(body.chunks().len(), 1);
    assert!(!buffer.as_ptr_range().contains(&body.chunks()[0].as_ptr()));
}

#[test]
fn readers_follow_what_comes() {
    let mut fill = Fill::new(u64::MAX, None);
    assert_eq!(fill.read(0), None);
    fill.push(b"hello").expect("no limit");
    assert_eq!(fill.read(0).as_deref(), Some(&b"hello"[..]));
    assert_eq!(fill.read(3).as_deref(), Some(&b"lo"[..]));
    assert_eq!(fill.read(5), None);
    fill.push(&vec![b'x'; 200_000]).expect("no limit");
    let mut read = Vec::new();
    while let Some(piece) = fill.read(read.len() as u64) {
        read.extend_from_slice(&piece);
    }
    assert_eq!(read.len(), 200_005);
    assert!(read.starts_with(b"helloxxx"));
}

#[test]
fn what_all_have_read_is_forgotten() {
    let mut fill = Fill::new(100_000, None);
    assert_eq!(fill.push(&vec![b'x'; 200_000]), Err(NoStore::TooLarge));
    let freed = fill.forget(150_000);
    assert!(freed > 0 && freed <= 150_000, "{freed} bytes");
    assert_eq!(fill.read(freed - 1), None);
    assert!(fill.read(freed).is_some());
    assert_eq!(fill.take().err(), Some(NoStore::TooLarge));
}

/// On a large shelf a long body lies in large chunks, whether its length was declared or so much of it has come.
#[test]
fn long_bodies_lie_in_large_chunks_of_a_large_shelf() {
    const LARGE: usize = 64 * 1024;
    let shelf = Shelf::new(1 << 28);
    for (declared, large_ones) in [(Some(300_000), 4), (None, 3)] {
        let mut fill = Fill::new(u64::MAX, declared).in_chunks(shelf.room().chunks());
        fill.push(&[7; 300_000]).expect("as long as declared");
        let chunks = fill.take().expect("complete");
        assert_eq!(chunks.iter().map(|chunk| chunk.len()).sum::<usize>(), 300_000);
        let large = chunks.iter().filter(|chunk| chunk.len() == LARGE).count();
        assert_eq!(large, large_ones, "{declared:?}");
    }
}
