//! What is sent from the shelf are the origin's bytes, however they came: in chunks, broken off, in parts, of several
//! versions.

use http::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, RANGE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use proptest::prelude::*;
use selvedge_cache::decide::{Step, decide};
use selvedge_cache::{
    Answer, ContentRange, Entry, Fill, Policy, RequestView, Shelf, StoredBody, StoredHead, answer,
    partial,
};

use crate::support::{body_of, entry, key, put};

/// The length of every version at the origin: more than a chunk of the shelf, so that several are needed.
const LEN: usize = 150_000;

/// What the origin sends, or what a client asks for, of the version that is current.
#[derive(Debug, Clone)]
enum Event {
    /// A 200 that breaks off after so many bytes, if it does.
    Whole { cuts: Vec<usize>, broken: Option<usize>, declares: bool },
    /// A 206 with these bytes, that may break off.
    Part { from: usize, len: usize, cuts: Vec<usize>, knows_length: bool, is_broken: bool },
    /// Another version.
    Change,
    /// A GET with these ranges.
    Ask(Vec<(usize, usize)>),
}

fn place() -> impl Strategy<Value = usize> {
    prop_oneof![0..LEN, (0usize..15).prop_map(|tenth| (tenth * 10_000).min(LEN - 1))]
}

fn event() -> impl Strategy<Value = Event> {
    let cuts = || prop::collection::vec(0..LEN, 0..6);
    let broken = prop::option::of(0..LEN);
    let whole = (cuts(), broken, any::<bool>());
    let part = (place(), 1..LEN / 2, cuts(), any::<bool>(), prop::bool::weighted(0.2));
    prop_oneof![
        1 => whole.prop_map(|(cuts, broken, declares)| Event::Whole { cuts, broken, declares }),
        5 => part.prop_map(|(from, len, cuts, knows_length, is_broken)| {
            Event::Part { from, len: len.min(LEN - from), cuts, knows_length, is_broken }
        }),
        1 => Just(Event::Change),
        5 => prop::collection::vec((place(), place()), 0..4).prop_map(Event::Ask),
    ]
}

/// The bytes of a version: no two places that are near look alike, and no two versions do.
fn version(number: usize) -> Vec<u8> {
    (0..LEN).map(|at| (at ^ (at >> 8) ^ (at >> 16) ^ (number * 89)) as u8).collect()
}

struct World {
    shelf: Shelf,
    current: usize,
    versions: Vec<Vec<u8>>,
}

impl World {
    fn play(&mut self, event: &Event) {
        match event {
            Event::Change => self.change(),
            Event::Whole { cuts, broken, declares } => self.whole(cuts, *broken, *declares),
            Event::Part { from, len, cuts, knows_length, is_broken } => {
                self.part(*from..*from + *len, cuts, *knows_length, *is_broken);
            }
            Event::Ask(ranges) => self.ask(ranges),
        }
    }

    fn change(&mut self) {
        self.current += 1;
        self.versions.push(version(self.current));
    }

    fn head(&self) -> StoredHead {
        let tag = format!("ETag: \"{}\"", self.current);
        entry(&[], &[&tag, "Content-Type: text/plain"], 0, b"").head.copy()
    }

    fn whole(&self, cuts: &[usize], broken: Option<usize>, declares: bool) {
        let sent = &self.versions[self.current][..broken.unwrap_or(LEN)];
        let declared = declares.then_some(LEN as u64);
        let fill = filled(sent, cuts, declared);
        let entry = match broken {
            None => Ok(Entry::new(self.head(), fill.finish().expect("complete"))),
            Some(_) => {
                assert!(!declares || fill_is_incomplete(sent, cuts));
                let body = fill.finish_incomplete().expect("no limit");
                partial::incomplete(self.head(), body, declared)
            }
        };
        if let Ok(entry) = entry {
            put(&self.shelf, key("/a"), entry);
        }
    }

    fn part(
        &self,
        at: std::ops::Range<usize>,
        cuts: &[usize],
        knows_length: bool,
        is_broken: bool,
    ) {
        let bytes = at.start as u64..at.end as u64;
        let complete_length = knows_length.then_some(LEN as u64);
        let range = ContentRange { bytes, complete_length };
        let end = if is_broken { at.end - 1 } else { at.end };
        let fill = filled(&self.versions[self.current][at.start..end], cuts, None);
        let entry = partial::part(self.head(), fill.finish().expect("no length"), &range);
        assert_eq!(entry.is_err(), is_broken, "a part that broke off is none");
        if let Ok(entry) = entry {
            let stored = self.shelf.parts(&key("/a"), &HeaderMap::new());
            put(&self.shelf, key("/a"), partial::absorb(entry, &stored));
        }
    }

    fn ask(&self, ranges: &[(usize, usize)]) {
        let set: Vec<String> =
            ranges.iter().map(|(a, b)| format!("{}-{}", a.min(b), a.max(b))).collect();
        let mut request = HeaderMap::new();
        if !set.is_empty() {
            let value = HeaderValue::from_str(&format!("bytes={}", set.join(",")));
            request.insert(RANGE, value.expect("digits"));
        }
        let view = RequestView { method: &Method::GET, headers: &request };
        let stock = self.shelf.stock(&key("/a"), &request);
        if let Step::Serve { entry, .. } = decide(&view, stock, &Policy::rfc(), 1) {
            self.check(&entry, &answer(&entry, &Method::GET, &request, 1));
        }
    }

    fn check(&self, entry: &Entry, answer: &Answer) {
        let tag = text(&answer.headers, ETAG);
        let number: usize = tag.trim_matches('"').parse().expect("the number of a version");
        let (origin, sent) = (&self.versions[number], body_of(entry, answer));
        assert_eq!(text(&answer.headers, CONTENT_LENGTH), sent.len().to_string());
        match (answer.status, answer.headers.contains_key(CONTENT_RANGE)) {
            (StatusCode::OK, false) => assert!(sent == *origin),
            (StatusCode::PARTIAL_CONTENT, true) => {
                is_cut(origin, text(&answer.headers, CONTENT_RANGE), &sent);
            }
            (StatusCode::PARTIAL_CONTENT, false) => are_cuts(origin, answer, &sent),
            other => panic!("{other:?}"),
        }
    }
}

fn text(headers: &HeaderMap, name: http::HeaderName) -> &str {
    headers[name].to_str().expect("printed by us")
}

/// What came so far, in pieces between the cuts.
fn filled(sent: &[u8], cuts: &[usize], declared: Option<u64>) -> Fill {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut % (sent.len() + 1)).collect();
    places.extend([0, sent.len()]);
    places.sort_unstable();
    let mut fill = Fill::new(u64::MAX, declared);
    for pair in places.windows(2) {
        fill.push(&sent[pair[0]..pair[1]]).expect("no limit");
    }
    fill
}

fn fill_is_incomplete(sent: &[u8], cuts: &[usize]) -> bool {
    filled(sent, cuts, Some(LEN as u64)).finish().is_err()
}

fn is_cut(origin: &[u8], content_range: &str, sent: &[u8]) {
    let range = HeaderMap::from_iter([(CONTENT_RANGE, content_range.parse().expect("a value"))]);
    let ContentRange { bytes, complete_length } = partial::range_of(&range).expect("well-formed");
    assert!(complete_length.is_none_or(|length| length == LEN as u64));
    assert!(sent == &origin[bytes.start as usize..bytes.end as usize], "{content_range}");
}

/// Takes `multipart/byteranges` apart, as a client would.
fn are_cuts(origin: &[u8], answer: &Answer, sent: &[u8]) {
    let content_type = text(&answer.headers, CONTENT_TYPE);
    let boundary = content_type.split_once("boundary=").expect("it has a boundary").1;
    let (mut rest, delimiter) = (sent, format!("--{boundary}\r\n"));
    let mut parts = 0;
    while let Some(part) =
        rest.strip_prefix(b"\r\n").unwrap_or(rest).strip_prefix(delimiter.as_bytes())
    {
        let end = part.windows(4).position(|four| four == b"\r\n\r\n").expect("the head ends");
        let head = std::str::from_utf8(&part[..end]).expect("ASCII");
        let range = head.split_once("Content-Range: ").expect("it says what it is").1;
        let size = size_of_range(range);
        is_cut(origin, range, &part[end + 4..end + 4 + size]);
        rest = &part[end + 4 + size..];
        parts += 1;
    }
    assert_eq!(rest, format!("\r\n--{boundary}--\r\n").as_bytes());
    assert!(parts > 1, "one part needs no envelope");
}

fn size_of_range(content_range: &str) -> usize {
    let range = HeaderMap::from_iter([(CONTENT_RANGE, content_range.parse().expect("a value"))]);
    partial::range_of(&range).expect("well-formed").len() as usize
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_sent_are_the_bytes_of_the_origin(events in prop::collection::vec(event(), 1..24)) {
        let mut world = World { shelf: Shelf::new(50_000_000), current: 0, versions: vec![version(0)] };
        events.iter().for_each(|event| world.play(event));
        world.ask(&[]);
        world.ask(&[(0, 9)]);
    }

    #[test]
    fn a_body_is_stored_as_it_came(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9_000), 0..20),
        declared in any::<bool>(),
    ) {
        let whole = pieces.concat();
        let mut fill = Fill::new(u64::MAX, declared.then_some(whole.len() as u64));
        for piece in pieces {
            prop_assert_eq!(fill.push(&piece), Ok(()));
        }
        let body: StoredBody = fill.finish().expect("complete");
        prop_assert_eq!(body.len(), whole.len() as u64);
        prop_assert_eq!(body.chunks().concat(), whole);
    }
}
