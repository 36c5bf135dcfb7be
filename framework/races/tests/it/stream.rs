//! A body that is read while it comes in: nobody waits in vain, whatever readers and the writer do at the same time.

use std::{future::poll_fn, sync::Arc};

use http_body_util::BodyExt;
use selvedge_cache::Shelf;
use shuttle::{future::block_on, thread};

use crate::{
    flight::{Go, Reader, Stream},
    run::check,
};

/// Two of these are more than a paced body runs ahead.
const PIECE: usize = 40 * 1024;

/// How a reader fared: what it read, and whether it was all.
type Read = (Vec<u8>, bool);

fn piece(number: u8) -> Vec<u8> {
    vec![number; PIECE]
}

fn whole(pieces: u8) -> Vec<u8> {
    (0..pieces).map(piece).collect::<Vec<_>>().concat()
}

/// Reads to the end, or only so many frames.
fn read(mut reader: Reader, frames: usize) -> Read {
    block_on(async {
        let mut bytes = Vec::new();
        for _ in 0..frames {
            match reader.frame().await {
                Some(Ok(frame)) => bytes.extend_from_slice(&frame.into_data().unwrap()),
                Some(Err(_)) => return (bytes, false),
                None => return (bytes, true),
            }
        }
        (bytes, false)
    })
}

/// Writes like a pump does; says whether it came to the end.
fn write(stream: &Stream, pieces: u8) -> bool {
    for number in 0..pieces {
        if block_on(poll_fn(|cx| stream.poll_go(cx))) == Go::Nobody {
            stream.broken();
            return false;
        }
        let _ = stream.push(&piece(number));
    }
    let _ = stream.take();
    stream.complete(None);
    true
}

fn reading(stream: &Arc<Stream>, frames: usize) -> thread::JoinHandle<Read> {
    let reader = stream.reader(0, None).unwrap();
    thread::spawn(move || read(reader, frames))
}

/// A body of five pieces of which the shelf would take so many bytes, for a reader of all and one who leaves.
fn followed(limit: u64, budget: u64) {
    check(move || {
        let shelf = Shelf::new(budget);
        let stream = Stream::new(limit, None, shelf.room());
        let (all, leaves) = (reading(&stream, usize::MAX), reading(&stream, 2));
        let writer = {
            let stream = Arc::clone(&stream);
            thread::spawn(move || write(&stream, 5))
        };
        assert!(writer.join().unwrap(), "somebody reads it to the end");
        assert_eq!(all.join().unwrap(), (whole(5), true));
        let (some, _) = leaves.join().unwrap();
        assert!(whole(5).starts_with(&some));
        drop(stream);
        assert_eq!(shelf.used_bytes(), 0);
    });
}

#[test]
fn a_body_that_will_be_stored_is_read_while_it_comes() {
    followed(u64::MAX, 10_000_000);
}

#[test]
fn a_body_that_outgrows_its_limit_waits_for_its_readers() {
    followed(PIECE as u64 + 1, 10_000_000);
}

#[test]
fn a_body_without_room_waits_for_its_readers() {
    followed(u64::MAX, 4 * 3 * PIECE as u64);
}

#[test]
fn nobody_is_left_waiting_when_all_readers_go() {
    check(|| {
        let shelf = Shelf::new(10_000_000);
        let stream = Stream::new(0, None, shelf.room());
        let readers = [reading(&stream, 1), reading(&stream, 2)];
        write(&stream, 5);
        for reader in readers {
            let (some, _) = reader.join().unwrap();
            assert!(whole(5).starts_with(&some));
        }
        drop(stream);
        assert_eq!(shelf.used_bytes(), 0);
    });
}

#[test]
fn whoever_is_cut_off_is_told_and_the_others_go_on() {
    check(|| {
        let shelf = Shelf::new(10_000_000);
        let stream = Stream::new(0, None, shelf.room());
        let all = reading(&stream, usize::MAX);
        let idle = stream.reader(0, None).unwrap();
        let cutter = {
            let stream = Arc::clone(&stream);
            thread::spawn(move || stream.cut_off(0))
        };
        let writer = {
            let stream = Arc::clone(&stream);
            thread::spawn(move || write(&stream, 2))
        };
        cutter.join().unwrap();
        let (some, is_all) = all.join().unwrap();
        assert!(whole(2).starts_with(&some), "a prefix, if it was as slow as the idle one");
        assert!(!is_all || some == whole(2));
        drop(idle);
        writer.join().unwrap();
        drop(stream);
        assert_eq!(shelf.used_bytes(), 0);
    });
}

#[test]
fn who_comes_late_gets_all_of_it_or_nothing() {
    check(|| {
        let shelf = Shelf::new(10_000_000);
        let stream = Stream::new(PIECE as u64 + 1, None, shelf.room());
        let first = reading(&stream, usize::MAX);
        let late = {
            let stream = Arc::clone(&stream);
            thread::spawn(move || stream.reader(0, None).map(|reader| read(reader, usize::MAX)))
        };
        assert!(write(&stream, 3));
        assert_eq!(first.join().unwrap(), (whole(3), true));
        let late = late.join().unwrap();
        assert!(late.is_none_or(|read| read == (whole(3), true)));
        drop(stream);
        assert_eq!(shelf.used_bytes(), 0);
    });
}
