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
    let written = text(&before);
    let after = Lines(&written).map();
    assert_eq!(after, before);
    assert!(!format!("{:?}", Lines(&written)).contains("text/plain"));
    assert!(after[CONTENT_TYPE].is_sensitive() && !after[ETAG].is_sensitive());
    let cookies: Vec<_> = after.get_all(SET_COOKIE).iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
}

#[test]
fn values_are_found_by_name() {
    let written = text(&map(&[("x-a", "1"), ("etag", "\"t\""), ("x-a", "2")]));
    let lines = Lines(&written);
    let name = HeaderName::from_static("x-a");
    let values = |name| lines.values(name).collect::<Vec<_>>();
    assert_eq!(values(&name), [b"1", b"2"]);
    assert_eq!(values(&ETAG), [b"\"t\""]);
    assert!(values(&CONTENT_TYPE).is_empty());
}

#[test]
fn values_share_one_copy_of_the_text() {
    let written = text(&map(&[("etag", "\"t\""), ("x-a", "1")]));
    let map = Lines(&written).map();
    let at = |name: &str| map[name].as_bytes().as_ptr().addr();
    let apart = written.len() - 1 - written.iter().position(|byte| *byte == b'"').unwrap();
    assert_eq!(at("x-a") - at("etag"), apart);
    assert!(!written.as_ptr_range().contains(&map[ETAG].as_bytes().as_ptr()));
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
    let whole = text(&map(&[("etag", "\"t\""), ("x-other", "1")]));
    for end in 0..whole.len() {
        assert!(Lines(&whole[..end]).map().len() < 2);
    }
}

#[test]
fn what_many_responses_say_takes_a_byte_a_line() {
    let said = map(&[("content-type", "text/html; charset=utf-8"), ("content-encoding", "gzip")]);
    let written = text(&said);
    let lines = Lines(&written);
    assert_eq!((written.len(), lines.map()), (2, said));
    assert_eq!(lines.values(&CONTENT_TYPE).collect::<Vec<_>>(), [b"text/html; charset=utf-8"]);
}
