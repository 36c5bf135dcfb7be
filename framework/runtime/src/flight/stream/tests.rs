use std::{
    pin::Pin,
    sync::Mutex as StdMutex,
    task::{Context, Poll, Wake, Waker},
};

use bytes::Bytes;
use futures_util::FutureExt;
use http::HeaderMap;
use http_body::Body as _;
use http_body_util::BodyExt;
use selvedge_cache::{decision::NoStore, shelf::Shelf};

use super::{super::sample::Bell, writing::WINDOW, *};
use crate::flight::{BrokenOff, Reader};

const PIECE: usize = 40 * 1024;

fn shelf() -> Shelf {
    Shelf::new(8_000_000)
}

fn push(stream: &Stream, times: usize) -> Vec<Result<(), NoStore>> {
    (0..times).map(|number| stream.push(&vec![number as u8; PIECE])).collect()
}

/// What it is given now, if anything.
fn next(reader: &mut Reader) -> Option<Option<Result<Frame, BrokenOff>>> {
    let frame = reader.frame().now_or_never()?;
    Some(frame.map(|frame| frame.map(Frame::of)))
}

#[derive(Debug, PartialEq)]
enum Frame {
    Data(usize),
    Trailers,
}

impl Frame {
    fn of(frame: http_body::Frame<Bytes>) -> Self {
        frame.into_data().map_or(Self::Trailers, |data| Self::Data(data.len()))
    }
}

/// How many bytes it is given now.
fn read(reader: &mut Reader) -> usize {
    let mut bytes = 0;
    while let Some(Some(Ok(Frame::Data(more)))) = next(reader) {
        bytes += more;
    }
    bytes
}

fn go(stream: &Stream, bell: &Arc<Bell>) -> Poll<Go> {
    stream.poll_go(&mut Context::from_waker(&Waker::from(Arc::clone(bell))))
}

fn waits(reader: &mut Reader, bell: &Arc<Bell>) -> bool {
    let waker = Waker::from(Arc::clone(bell));
    Pin::new(reader).poll_frame(&mut Context::from_waker(&waker)).is_pending()
}

#[test]
fn a_body_runs_ahead_of_its_readers_and_is_stored() {
    let shelf = shelf();
    let stream = Stream::new(1_000_000, None, shelf.room());
    let (mut early, bell) = (stream.reader(0, None).unwrap(), Arc::default());
    for result in push(&stream, 10) {
        assert_eq!((result, go(&stream, &bell)), (Ok(()), Poll::Ready(Go::On)));
    }
    assert_eq!(shelf.used_bytes(), 10 * PIECE as u64);
    let mut late = stream.reader(0, None).unwrap();
    assert_eq!(read(&mut late), 10 * PIECE);
    let body = stream.take().unwrap();
    stream.complete(None);
    assert_eq!(body.len(), 10 * PIECE as u64);
    let mut after = stream.reader(0, None).unwrap();
    for reader in [&mut early, &mut after] {
        assert_eq!(read(reader), 10 * PIECE);
        assert_eq!(next(reader), Some(None));
    }
    assert_eq!((next(&mut late), late.is_end_stream()), (Some(None), true));
    drop((body, stream, early, late));
    assert!(shelf.used_bytes() > 0, "a reader keeps it in the accounts");
    drop(after);
    assert_eq!(shelf.used_bytes(), 0);
}

#[test]
fn a_body_that_outgrows_its_limit_says_so_once_and_is_paced() {
    let shelf = shelf();
    let stream = Stream::new(2 * PIECE as u64, None, shelf.room());
    let mut reader = stream.reader(0, None).unwrap();
    let told = push(&stream, 4);
    assert_eq!(told, [Ok(()), Ok(()), Err(NoStore::TooLarge), Ok(())]);
    assert!(stream.reader(0, None).is_none(), "its beginning may be forgotten");
    let bell = Arc::new(Bell::default());
    assert_eq!(go(&stream, &bell), Poll::Pending);
    while go(&stream, &bell).is_pending() {
        assert!(matches!(next(&mut reader), Some(Some(Ok(Frame::Data(_))))));
        assert!(bell.has_rung(), "whoever reads wakes the writer");
    }
    read(&mut reader);
    stream.complete(None);
    assert_eq!(next(&mut reader), Some(None));
    assert_eq!(stream.take().err(), Some(NoStore::TooLarge));
    drop((stream, reader));
    assert_eq!(shelf.used_bytes(), 0);
}

#[test]
fn a_paced_body_keeps_a_window_and_no_more() {
    let shelf = shelf();
    let stream = Stream::new(0, None, shelf.room());
    let (mut reader, bell) = (stream.reader(0, None).unwrap(), Arc::default());
    let mut came = 0;
    for _ in 0..200 {
        while go(&stream, &bell) == Poll::Ready(Go::On) {
            let _ = push(&stream, 1);
            came += PIECE;
        }
        // The window, the piece that went beyond it, and the chunk that is being read.
        let kept = shelf.used_bytes();
        assert!(kept <= WINDOW + PIECE as u64 + WINDOW, "{kept}");
        assert!(matches!(next(&mut reader), Some(Some(Ok(_)))));
    }
    assert!(came > 2_000_000, "{came}");
    drop((stream, reader));
    assert_eq!(shelf.used_bytes(), 0);
}

#[test]
fn without_room_a_body_is_read_and_not_stored() {
    let shelf = Shelf::new(4 * PIECE as u64);
    let stream = Stream::new(u64::MAX, None, shelf.room());
    let mut reader = stream.reader(0, None).unwrap();
    assert_eq!(push(&stream, 2), [Ok(()), Err(NoStore::NoRoom)]);
    assert_eq!(read(&mut reader), 2 * PIECE);
    assert_eq!(stream.take_incomplete().err(), Some(NoStore::NoRoom));
    drop((stream, reader));
    assert_eq!(shelf.used_bytes(), 0);
}

#[test]
fn who_does_not_read_on_is_cut_off_and_who_does_is_not() {
    let shelf = shelf();
    let stream = Stream::new(0, None, shelf.room());
    let [mut idle, mut slow] = [0, 0].map(|from| stream.reader(from, None).unwrap());
    let _ = push(&stream, 2);
    let bell = Arc::new(Bell::default());
    assert!(go(&stream, &bell).is_pending());
    let slowest = stream.slowest().unwrap();
    assert!(next(&mut slow).is_some());
    stream.cut_off(slowest);
    assert_eq!(next(&mut idle), Some(Some(Err(BrokenOff))));
    assert_eq!(next(&mut idle), Some(None));
    let read = read(&mut slow);
    assert!(read > 0);
    assert_eq!(go(&stream, &bell), Poll::Ready(Go::On));
    // It has moved since.
    stream.cut_off(slowest);
    let _ = push(&stream, 1);
    assert!(matches!(next(&mut slow), Some(Some(Ok(_)))));
}

#[test]
fn nobody_goes_on_for_a_body_without_readers() {
    let shelf = shelf();
    let stream = Stream::new(0, None, shelf.room());
    let (reader, bell) = (stream.reader(0, None).unwrap(), Arc::new(Bell::default()));
    let _ = push(&stream, 2);
    assert!(go(&stream, &bell).is_pending());
    drop(reader);
    assert!(bell.has_rung());
    assert_eq!(go(&stream, &bell), Poll::Ready(Go::Nobody));
    // What nobody will read is forgotten, but for the chunk that is being filled.
    assert!(shelf.used_bytes() <= WINDOW, "{}", shelf.used_bytes());
}

#[test]
fn trailers_and_breaks_come_after_the_bytes() {
    let stream = Stream::new(u64::MAX, None, shelf().room());
    let mut reader = stream.reader(0, None).unwrap();
    let _ = push(&stream, 1);
    stream.complete(Some(HeaderMap::new()));
    stream.broken();
    assert_eq!(read(&mut reader), PIECE);
    assert!(!stream.reader(0, None).unwrap().is_end_stream());
    // What came first counts; `read` took the trailers.
    assert_eq!(next(&mut reader), Some(None));

    let stream = Stream::new(u64::MAX, Some(9), shelf().room());
    let mut reader = stream.reader(0, None).unwrap();
    let _ = stream.push(b"some");
    stream.broken();
    assert_eq!(next(&mut reader), Some(Some(Ok(Frame::Data(4)))));
    assert_eq!(next(&mut reader), Some(Some(Err(BrokenOff))));
    assert_eq!(stream.take_incomplete().map(|body| body.len()), Ok(4));
}

#[test]
fn trailers_are_given_to_each_reader() {
    let stream = Stream::new(u64::MAX, None, shelf().room());
    let mut readers = [0, 0].map(|from| stream.reader(from, None).unwrap());
    stream.complete(Some(HeaderMap::new()));
    for reader in &mut readers {
        assert_eq!(next(reader), Some(Some(Ok(Frame::Trailers))));
        assert_eq!(next(reader), Some(None));
    }
}

#[test]
fn a_reader_of_a_range_gets_that_and_keeps_nobody_waiting() {
    let shelf = shelf();
    let stream = Stream::new(0, Some(5 * PIECE as u64), shelf.room());
    let mut all = stream.reader(0, None).unwrap();
    let mut part = stream.reader(10, Some(30)).unwrap();
    assert_eq!(part.size_hint().exact(), Some(20));
    let _ = push(&stream, 3);
    assert_eq!(next(&mut part), Some(Some(Ok(Frame::Data(20)))));
    assert_eq!((next(&mut part), part.is_end_stream()), (Some(None), true));
    read(&mut all);
    assert_eq!(stream.slowest(), Some(3 * PIECE as u64));
    // Its seat has been taken by nobody else's leave.
    drop(part);
    assert_eq!(stream.slowest(), Some(3 * PIECE as u64));
}

#[test]
fn a_range_that_has_not_come_is_waited_for() {
    let stream = Stream::new(u64::MAX, Some(3 * PIECE as u64), shelf().room());
    let from = PIECE as u64 + 5;
    let (mut part, bell) = (stream.reader(from, Some(from + 10)).unwrap(), Arc::default());
    let _ = push(&stream, 1);
    assert!(waits(&mut part, &bell));
    let _ = push(&stream, 1);
    assert!(bell.has_rung());
    assert_eq!(next(&mut part), Some(Some(Ok(Frame::Data(10)))));
}

#[test]
fn whoever_waits_is_woken_by_whatever_happens() {
    let happenings: [fn(&Stream); 4] = [
        |stream| assert!(stream.push(b"more").is_ok()),
        |stream| stream.complete(None),
        Stream::broken,
        |stream| stream.cut_off(0),
    ];
    for happens in happenings {
        let stream = Stream::new(u64::MAX, None, shelf().room());
        let (mut reader, bell) = (stream.reader(0, None).unwrap(), Arc::new(Bell::default()));
        assert!(waits(&mut reader, &bell));
        happens(&stream);
        assert!(bell.has_rung());
        assert!(!waits(&mut reader, &bell));
    }
}

/// A waker with which a reader goes, as of a task that nobody else has.
struct Last {
    _reader: StdMutex<Reader>,
}

impl Wake for Last {
    fn wake(self: Arc<Self>) {}
}

#[test]
fn a_waker_may_be_the_last_to_hold_a_reader() {
    let stream = Stream::new(u64::MAX, None, shelf().room());
    let [mut waiting, other] = [0, 0].map(|from| stream.reader(from, None).unwrap());
    let waker = Waker::from(Arc::new(Last { _reader: StdMutex::new(other) }));
    assert!(Pin::new(&mut waiting).poll_frame(&mut Context::from_waker(&waker)).is_pending());
    drop(waker);
    // The new waker takes the place of the old one, whose reader leaves the very same stream.
    assert!(waits(&mut waiting, &Arc::default()));
    drop(waiting);
    assert_eq!(stream.slowest(), None);
}
