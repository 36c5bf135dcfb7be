//! Who may begin to read, and who is cut off.

use std::task::{Context, Poll};

use selvedge_cache::{decision::NoStore, shelf::Shelf};

use super::{Given, Go, Stream, writing::WINDOW};

fn stream(limit: u64) -> std::sync::Arc<Stream> {
    Stream::new(limit, None, Shelf::new(1 << 24).room())
}

/// What a reader's place is given: how many bytes, or that it broke off.
fn given(stream: &Stream, place: usize) -> Result<usize, ()> {
    match stream.poll_read(place, &mut Context::from_waker(std::task::Waker::noop())) {
        Poll::Ready(Given::Data(data)) => Ok(data.len()),
        Poll::Ready(Given::Broken) => Err(()),
        Poll::Ready(Given::End(_)) | Poll::Pending => Ok(0),
    }
}

fn go(stream: &Stream) -> Poll<Go> {
    stream.poll_go(&mut Context::from_waker(std::task::Waker::noop()))
}

#[test]
fn nobody_begins_to_read_what_may_be_forgotten() {
    let stream = stream(10);
    let early = stream.reader(0, None);
    assert_eq!(stream.push(&[0; 10]), Ok(()));
    assert!(early.is_some() && stream.reader(0, None).is_some());
    // As long as it is no longer than a window, nobody has to wait for anybody.
    assert_eq!(stream.push(&vec![0; WINDOW as usize - 10]), Ok(()));
    assert!(stream.reader(0, None).is_some());
    assert_eq!(stream.push(&[0; 1]), Err(NoStore::TooLarge));
    assert_eq!(stream.push(&[0; 1]), Ok(()), "that is said once");
    assert!(stream.reader(0, None).is_none());
}

#[test]
fn the_slowest_is_cut_off_and_no_other() {
    let stream = stream(10);
    let readers = [stream.reader(0, None), stream.reader(0, None)];
    assert!(readers.iter().all(Option::is_some));
    assert!(stream.push(&vec![0; WINDOW as usize + 1]).is_err());
    assert_eq!(go(&stream), Poll::Pending);
    let mut read = 0;
    while read <= WINDOW as usize {
        read += given(&stream, 1).unwrap();
    }
    assert_eq!(go(&stream), Poll::Pending, "the other one has taken nothing");
    stream.cut_off(0);
    assert_eq!(go(&stream), Poll::Ready(Go::On));
    assert_eq!((given(&stream, 0), given(&stream, 1)), (Err(()), Ok(0)));
    drop(readers);
    assert_eq!(go(&stream), Poll::Ready(Go::Nobody));
}
