//! Bodies that are larger than what the shelf takes: they are not stored, and their slowest reader sets the pace.

use bytes::Bytes;
use selvedge_testkit::{Gate, Reply, ok};

use crate::site::{PROFILES, Reading, Site, all, get, rest};

const CHUNK: usize = 16 * 1024;

/// How many chunks are too many: an eighth of the shelf is the largest object.
const SHELF: u64 = 8 * 4 * CHUNK as u64;

const ALL: usize = 40;

/// What is asked of an origin whose body nobody reads: the head, what could be stored, and the chunk that could not.
const UNREAD: usize = 1 + 4 + 1;

/// A body of so many chunks whose length nobody declares.
fn chunked(chunks: usize, gate: &Gate) -> Reply {
    let chunks = (0..chunks).map(|_| Bytes::from(vec![b'x'; CHUNK]));
    ok("").chunks(chunks).max_age(6000).header("transfer-encoding", "chunked").held(gate)
}

/// A site whose body is too large, and the clients that read it together.
async fn read_by<const READERS: usize>(
    profile: &'static str,
    gate: &Gate,
) -> (Site, [Reading; READERS]) {
    let small = ok("small").max_age(60);
    let site = Site::small(profile, SHELF).await.replying([chunked(ALL, gate), small]);
    gate.allow(1);
    let mut readers = Vec::new();
    for _ in 0..READERS {
        readers.push(site.read().await);
    }
    assert_eq!(site.asked(), 1, "{profile}");
    gate.open();
    rest().await;
    let Ok(readers) = readers.try_into() else { unreachable!() };
    (site, readers)
}

/// What can be stored is taken in whether anybody reads it or not.
#[tokio::test]
async fn a_body_that_fits_runs_ahead_of_its_reader() {
    for profile in PROFILES {
        let gate = Gate::closed();
        gate.open();
        let site = Site::small(profile, SHELF).await.replying([chunked(4, &gate)]);
        let mut reader = site.read().await;
        assert_eq!(gate.done(), 1 + 4 + 1, "{profile}: head, chunks and end");
        assert_eq!(site.see().await.how(), "hit", "{profile}");
        assert_eq!(reader.pieces().await, 4 * CHUNK, "{profile}");
    }
}

#[tokio::test]
async fn the_origin_is_asked_for_no_more_than_is_read() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let (site, [mut reader]) = read_by(profile, &gate).await;
        assert_eq!(gate.done(), UNREAD, "{profile}");
        let mut read = 0;
        while let Some(length) = reader.piece().await {
            read += length;
            rest().await;
            let ahead = (gate.done() - 1) * CHUNK - read.min((gate.done() - 1) * CHUNK);
            assert!(ahead <= 5 * CHUNK, "{profile}: {ahead} bytes ahead");
        }
        assert_eq!((read, reader.head.broken), (ALL * CHUNK, false), "{profile}");
        assert_eq!((site.see().await.text.as_str(), site.asked()), ("small", 2), "{profile}");
    }
}

#[tokio::test]
async fn the_slowest_reader_sets_the_pace() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let (_site, [mut fast, mut slow]) = read_by(profile, &gate).await;
        assert_eq!(fast.pieces().await, 5 * CHUNK, "{profile}");
        assert_eq!(gate.done(), UNREAD, "{profile}");
        let step = slow.piece().await.unwrap() + slow.piece().await.unwrap();
        let more = fast.pieces().await;
        assert!(0 < more && more <= step, "{profile}: {more} after {step}");
        let (mut read, mut ahead) = (step, 5 * CHUNK + more);
        while ahead < ALL * CHUNK {
            read += slow.piece().await.unwrap();
            ahead += fast.pieces().await;
            assert!(ahead - read <= 5 * CHUNK, "{profile}: {ahead} / {read}");
        }
        assert_eq!(read + slow.pieces().await, ALL * CHUNK, "{profile}");
    }
}

/// One that takes nothing for 30 s is cut off, and the others go on; any piece that it takes begins the time anew.
#[tokio::test]
async fn a_reader_that_stalls_is_cut_off() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let (site, [mut fast, mut slow]) = read_by(profile, &gate).await;
        let mut read = fast.pieces().await;
        site.wait_ms(29_999).await;
        while fast.pieces().await == 0 {
            slow.piece().await.unwrap();
        }
        let before = gate.done();
        site.wait_ms(29_999).await;
        read += fast.pieces().await;
        assert_eq!((gate.done(), slow.head.broken), (before, false), "{profile}");
        site.wait_ms(1).await;
        read += fast.pieces().await;
        assert!(read > 30 * CHUNK && !fast.head.broken, "{profile}: {read}");
        assert_eq!((slow.piece().await, slow.head.broken), (None, true), "{profile}");
    }
}

/// The time begins with the last piece, too, where that is not enough for the others to go on.
#[tokio::test]
async fn a_reader_that_goes_on_and_stalls_again_is_cut_off_after_the_same_time() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let (site, [mut fast, mut slow]) = read_by(profile, &gate).await;
        let read = fast.pieces().await;
        site.wait_ms(20_000).await;
        slow.piece().await.unwrap();
        assert_eq!(fast.pieces().await, 0, "{profile}: one piece is not enough");
        site.wait_ms(29_999).await;
        assert_eq!((fast.pieces().await, slow.head.broken), (0, false), "{profile}");
        site.wait_ms(1).await;
        assert!(read + fast.pieces().await > 20 * CHUNK, "{profile}");
        assert_eq!((slow.piece().await, slow.head.broken), (None, true), "{profile}");
    }
}

/// When the last reader has been cut off or has gone, nothing more is taken from the origin.
#[tokio::test]
async fn nobody_left_ends_the_fetch() {
    for profile in PROFILES {
        for stalls in [true, false] {
            let gate = Gate::closed();
            let (site, [mut one, other]) = read_by(profile, &gate).await;
            drop(other);
            if stalls {
                site.wait_ms(30_000).await;
                assert_eq!((one.piece().await, one.head.broken), (None, true), "{profile}");
            }
            drop(one);
            rest().await;
            assert_eq!(gate.done(), UNREAD, "{profile}");
            assert_eq!((site.see().await.text.as_str(), site.asked()), ("small", 2), "{profile}");
        }
    }
}

/// What all have read takes no room any more: all bodies that come in have a quarter of the shelf together.
#[tokio::test]
async fn what_all_have_read_is_forgotten() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let (site, [mut reader]) = read_by(profile, &gate).await;
        let mut read = 0;
        while read < 30 * CHUNK {
            read += reader.piece().await.unwrap();
        }
        let other = ok(vec![b'y'; 2 * CHUNK]).max_age(60);
        let _ = site.origin().on("/other").reply(other);
        let ask = || site.ask(get("/other", &[])).seen();
        assert_eq!(ask().await.text.len(), 2 * CHUNK, "{profile}");
        assert_eq!(ask().await.how(), "hit", "{profile}");
    }
}

/// A slow reader that goes sets no pace any more.
#[tokio::test]
async fn a_reader_that_leaves_holds_up_nobody() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let (_site, [mut fast, slow]) = read_by(profile, &gate).await;
        let read = fast.pieces().await;
        drop(slow);
        assert_eq!(read + fast.pieces().await, ALL * CHUNK, "{profile}");
    }
}

/// The beginning is forgotten, so who comes now fetches anew.
#[tokio::test]
async fn newcomers_fetch_anew() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let (site, [mut reader]) = read_by(profile, &gate).await;
        let anew = ("fwd=uri-miss; stored".to_owned(), "small");
        assert_eq!((site.see().await.both(), site.asked()), (anew, 2), "{profile}");
        assert_eq!(site.see().await.how(), "hit", "{profile}");
        assert_eq!(reader.pieces().await, ALL * CHUNK, "{profile}");
        assert_eq!(site.see().await.how(), "hit", "{profile}: the large one took nothing away");
    }
}

/// Where the length says it before, nobody reads along: each has an answer of its own, at its own pace.
#[tokio::test]
async fn a_body_that_is_declared_too_large_is_shared_by_nobody() {
    for profile in PROFILES {
        let gate = Gate::closed();
        let large = ok(vec![b'x'; 5 * CHUNK]).max_age(60).held(&gate);
        let site = Site::small(profile, SHELF).await.replying([large]);
        let crowd = site.crowd(3).await;
        assert_eq!(site.asked(), 1, "{profile}");
        gate.open();
        let seen = all(crowd).await;
        assert!(seen.iter().all(|seen| seen.text.len() == 5 * CHUNK), "{profile}");
        assert!(seen[0].how().ends_with("detail=too-large"), "{profile}: {}", seen[0].how());
        assert_eq!(site.asked(), 3, "{profile}");
        let later = site.ask(get("/", &[])).seen().await;
        assert!(later.how().contains("fwd="), "{profile}: {}", later.how());
    }
}
