//! Bodies on their way out: every byte once and in order, in whatever portions a connection takes them.

use std::io::IoSlice;

use bytes::Buf;
use proptest::prelude::*;
use selvedge_cache::{Chunk, Purge, PurgeMode, Shelf, StoredBody};

use crate::support::{entry, key, put};

fn body(chunks: &[Vec<u8>]) -> StoredBody {
    let chunks = chunks.iter().map(|chunk| Chunk::from(&**chunk)).collect();
    StoredBody::with_charge(chunks, Shelf::new(1 << 20).room().into_charge())
}

/// What one write would be given, in so many pieces at most.
fn offered(unsent: &impl Buf, pieces: usize) -> Vec<u8> {
    let mut slices = vec![IoSlice::new(&[]); pieces];
    let count = unsent.chunks_vectored(&mut slices);
    assert!(slices[..count].iter().all(|slice| !slice.is_empty()), "every piece says something");
    slices[..count].iter().flat_map(|slice| slice.to_vec()).collect()
}

proptest! {
    #[test]
    fn writes_of_any_size_send_every_byte_in_order(
        chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..30_000), 0..6),
        pieces in 1_usize..5,
        takes in prop::collection::vec(1_usize..20_000, 1..20),
    ) {
        let all = chunks.concat();
        let (body, mut sent) = (body(&chunks), Vec::new());
        let mut unsent = body.unsent();
        for take in takes.iter().cycle() {
            prop_assert_eq!(unsent.remaining(), all.len() - sent.len());
            let offer = offered(&unsent, pieces);
            if offer.is_empty() {
                break;
            }
            let taken = offer.len().min(*take);
            sent.extend_from_slice(&offer[..taken]);
            unsent.advance(taken);
        }
        prop_assert_eq!(sent, all);
        prop_assert!(!unsent.has_remaining() && unsent.chunk().is_empty());
    }
}

#[test]
fn an_advance_beyond_the_end_is_the_end() {
    for size in [0, 10, 20_000] {
        let mut unsent = body(&[vec![7; size]]).unsent();
        unsent.advance(size + 1);
        assert_eq!((unsent.remaining(), offered(&unsent, 3).len()), (0, 0), "{size}");
    }
}

#[test]
fn what_is_being_sent_stays_in_the_accounts_when_it_is_purged() {
    let shelf = Shelf::new(1 << 20);
    put(&shelf, key("/"), entry(&[], &[], 0, &vec![7; 100_000]));
    let unsent: Vec<_> = shelf.variants(&key("/")).iter().map(|it| it.body().unsent()).collect();
    shelf.purge("shop", 0, &Purge::Target(&key("/")), PurgeMode::Hard, 0);
    assert!(shelf.is_empty() && shelf.used_bytes() > 100_000);
    assert_eq!(unsent.iter().map(Buf::remaining).sum::<usize>(), 100_000);
    drop(unsent);
    assert_eq!(shelf.used_bytes(), 0);
}
