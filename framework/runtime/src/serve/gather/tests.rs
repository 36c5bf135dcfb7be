//! What is handed on is what came: every byte, in order, and what ends it.

use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::{Buf, Bytes};
use futures_util::FutureExt;
use http::HeaderMap;
use http_body::Frame;
use http_body_util::BodyExt;
use selvedge::Body;

use super::{Gathering, MOST, PIECES};

/// What comes next of a body.
#[derive(Clone)]
enum Comes {
    Piece(usize),
    Later,
    Trailers,
    Broken,
}

struct Script(VecDeque<Comes>);

impl http_body::Body for Script {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        match self.0.pop_front() {
            Some(Comes::Piece(length)) => {
                Poll::Ready(Some(Ok(Frame::data(Bytes::from(vec![7; length])))))
            }
            Some(Comes::Later) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Comes::Trailers) => Poll::Ready(Some(Ok(Frame::trailers(HeaderMap::new())))),
            Some(Comes::Broken) => Poll::Ready(Some(Err(std::io::ErrorKind::BrokenPipe.into()))),
            None => Poll::Ready(None),
        }
    }
}

/// What is handed on, and what at the end.
fn handed(comes: &[Comes]) -> Vec<String> {
    let mut body = Gathering::of(Body::new(Script(comes.iter().cloned().collect())));
    let mut handed = Vec::new();
    loop {
        handed.push(match body.frame().now_or_never() {
            None => "later".to_owned(),
            Some(None) => return handed,
            Some(Some(Err(_))) => "broken".to_owned(),
            Some(Some(Ok(frame))) => match frame.into_data() {
                Ok(pieces) => pieces.remaining().to_string(),
                Err(_) => "trailers".to_owned(),
            },
        });
        assert!(handed.len() < 100, "{handed:?}");
    }
}

#[test]
fn what_is_there_is_handed_on_together_and_nothing_is_waited_for() {
    use Comes::{Broken, Later, Piece, Trailers};
    let cases: [(&[Comes], &[&str]); 8] = [
        (&[], &[]),
        (&[Piece(5)], &["5"]),
        (&[Piece(5), Piece(0), Piece(6)], &["11"]),
        (&[Piece(5), Later, Piece(6), Piece(7)], &["5", "13"]),
        (&[Later, Piece(5), Trailers], &["later", "5", "trailers"]),
        (&[Piece(5), Piece(6), Broken], &["11", "broken"]),
        (&[Trailers], &["trailers"]),
        (&[Broken], &["broken"]),
    ];
    for (comes, expected) in cases {
        assert_eq!(handed(comes), expected);
    }
}

#[test]
fn there_is_an_end_to_what_is_handed_on_at_once() {
    assert_eq!(handed(&vec![Comes::Piece(1); PIECES + 1]), [PIECES.to_string(), "1".to_owned()]);
    let large = Comes::Piece(MOST - 1);
    assert_eq!(handed(&vec![large; 3]), [2 * (MOST - 1), MOST - 1].map(|it| it.to_string()));
}

#[test]
fn pieces_are_taken_in_portions_of_any_size() {
    for portion in 1..12 {
        let pieces =
            ["abc", "", "d", "efgh"].map(|text| Ok::<_, std::io::Error>(Bytes::from(text)));
        let body = Body::from_stream(futures_util::stream::iter(pieces));
        let frame = Gathering::of(body).frame().now_or_never().flatten().unwrap().unwrap();
        let (mut data, mut taken) = (frame.into_data().ok().unwrap(), Vec::new());
        while data.has_remaining() {
            let mut slices = [std::io::IoSlice::new(&[]); 2];
            let count = data.chunks_vectored(&mut slices);
            assert!(slices[..count].iter().all(|it| !it.is_empty()) && !data.chunk().is_empty());
            let offered = slices[..count].iter().flat_map(|it| it.to_vec()).collect::<Vec<_>>();
            let length = portion.min(offered.len());
            taken.extend_from_slice(&offered[..length]);
            data.advance(length);
        }
        assert_eq!(taken, b"abcdefgh", "{portion}");
        assert_eq!((data.remaining(), data.chunk()), (0, &b""[..]));
    }
}
