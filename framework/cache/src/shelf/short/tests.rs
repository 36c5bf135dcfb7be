use super::*;
use crate::key_rule::KeyRules;

fn keys() -> Vec<Key> {
    let mut request = http::HeaderMap::new();
    request.insert("x-tier", http::HeaderValue::from_static("gold"));
    let rules = KeyRules {
        add_headers: vec![http::HeaderName::from_static("x-tier")],
        ..KeyRules::default()
    };
    vec![
        Key::new("shop", "shop.localhost", "/"),
        Key::new("shop", "shop.localhost", "/a?b"),
        Key::new("shop", "shop.localhost", "/a?b").in_generation(300),
        Key::new("shop", "other.localhost", "/a?b"),
        Key::new("shopshop", ".localhost", "/a?b"),
        Key::new("shops", "hop.localhost", "/a?b"),
        Key::with_rules("shop", "shop.localhost", "/a?b", &rules, &request),
    ]
}

#[test]
fn a_key_is_found_again_and_no_other_is() {
    let mut beginnings = Beginnings::default();
    let all: Vec<(Key, Short)> =
        keys().into_iter().map(|key| (key.clone(), beginnings.shorten(&key))).collect();
    for (at, (_, short)) in all.iter().enumerate() {
        let is: Vec<bool> = all.iter().map(|(key, _)| beginnings.is(short, key)).collect();
        assert_eq!(is, (0..all.len()).map(|it| it == at).collect::<Vec<_>>());
        assert_eq!(beginnings.key(short).as_ref(), Some(&all[at].0));
    }
    assert_eq!(beginnings.0.len(), 5);
}

#[test]
fn a_beginning_is_kept_once_and_as_long_as_it_has_keys() {
    let mut beginnings = Beginnings::default();
    let [one, two] = ["/1", "/2"].map(|path| beginnings.shorten(&Key::new("s", "h", path)));
    let other = beginnings.shorten(&Key::new("s", "other", "/"));
    assert!(beginnings.0.len() == 2 && one.text().len() == 4);
    beginnings.release(&other);
    let next = Key::new("s", "next", "/");
    let short = beginnings.shorten(&next);
    assert!(beginnings.0.len() == 2 && beginnings.is(&short, &next), "its place is used again");
    [one, two, short].iter().for_each(|short| beginnings.release(short));
    assert_eq!(beginnings.0.capacity(), 0);
}

#[test]
fn where_there_are_many_beginnings_keys_lie_there_as_they_are() {
    let mut beginnings = Beginnings::default();
    let key = |at: usize| Key::new("s", &format!("h{at}"), "/").in_generation(7);
    let all: Vec<Short> = (0..2 * MOST).map(|at| beginnings.shorten(&key(at))).collect();
    assert_eq!(beginnings.0.len(), MOST);
    for (at, short) in all.iter().enumerate() {
        assert!(beginnings.is(short, &key(at)) && !beginnings.is(short, &key(at + 1)));
        assert_eq!(beginnings.key(short), Some(key(at)));
    }
    all.iter().for_each(|short| beginnings.release(short));
    assert!(beginnings.0.is_empty());
}

/// Its number and what rules added take a byte each.
#[test]
fn a_key_of_twenty_bytes_lies_in_its_slot() {
    assert_eq!(size_of::<Short>(), 24);
    let mut beginnings = Beginnings::default();
    for (len, is_here) in [(1, true), (HERE - 2, true), (HERE - 1, false), (300, false)] {
        let key = Key::new("s", "h", &format!("/{}", "p".repeat(len - 1)));
        let short = beginnings.shorten(&key);
        assert_eq!(matches!(short, Short::Here(..)), is_here, "{len}");
        assert!(beginnings.is(&short, &key) && beginnings.key(&short) == Some(key));
        beginnings.release(&short);
    }
}
