use http::header::{CONTENT_TYPE, ETAG, SET_COOKIE};

use super::*;

fn map(lines: &[(&str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in lines {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        map.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    map
}

#[test]
fn a_map_is_what_it_was() {
    let long = "v".repeat(70_000);
    let name = "x-".repeat(150);
    let mut before = map(&[
        ("set-cookie", "a=1"),
        ("content-type", "text/plain"),
        ("set-cookie", "b=2"),
        ("x-long", &long),
        (&name, "\u{fc}\t1"),
        ("etag", ""),
        ("accept-ranges", "bytes"),
    ]);
    before.get_mut(CONTENT_TYPE).unwrap().set_sensitive(true);
    let after = Lines::of(&before, 0).map();
    assert_eq!(after, before);
    assert!(!format!("{:?}", Lines::of(&before, 0)).contains("text/plain"));
    assert!(after[CONTENT_TYPE].is_sensitive() && !after[ETAG].is_sensitive());
    let cookies: Vec<_> = after.get_all(SET_COOKIE).iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
}

#[test]
fn values_are_found_by_name() {
    let lines = Lines::of(&map(&[("x-a", "1"), ("etag", "\"t\""), ("x-a", "2")]), 0);
    let name = HeaderName::from_static("x-a");
    let values = |name| lines.values(name).collect::<Vec<_>>();
    assert_eq!(values(&name), [b"1", b"2"]);
    assert_eq!(values(&ETAG), [b"\"t\""]);
    assert!(values(&CONTENT_TYPE).is_empty());
}

#[test]
fn values_share_the_text() {
    let lines = Lines::of(&map(&[("etag", "\"t\"")]), 0);
    let within = lines.as_ref().as_ptr_range();
    assert!(within.contains(&lines.map()[ETAG].as_bytes().as_ptr()));
}

#[test]
fn every_name_has_one_number() {
    for number in 0..=u8::MAX {
        let known = names::known(number);
        assert_eq!(known.and_then(|known| names::number(&known.name)), known.map(|_| number));
    }
    assert!(names::known(SPELLED).is_none() && common::line(SPELLED).is_none());
}

#[test]
fn what_is_cut_short_is_read_as_far_as_it_goes() {
    let whole = Lines::of(&map(&[("etag", "\"t\""), ("x-other", "1")]), 0);
    for end in 0..whole.as_ref().len() {
        assert!(Lines::of_text(&whole.as_ref()[..end], 0).map().len() < 2);
    }
}

#[test]
fn what_many_responses_say_takes_a_byte_a_line() {
    let said = map(&[("content-type", "text/html; charset=utf-8"), ("content-encoding", "gzip")]);
    let lines = Lines::of(&said, 0);
    assert_eq!((lines.as_ref().len(), lines.map()), (2, said));
    assert_eq!(lines.values(&CONTENT_TYPE).collect::<Vec<_>>(), [b"text/html; charset=utf-8"]);
}
