//! Which texts are keys, and what the others are told.

use super::{CacheKey, KvKey, KvKeyError, SurrogateKey, SurrogateKeyError};

#[test]
fn kv_keys() {
    let cases = [
        ("1".to_owned(), None),
        ("users/ada/../x".to_owned(), None),
        ("...".to_owned(), None),
        ("é".repeat(512), None),
        ("a".repeat(1024), None),
        (".well-known/acme-challenge".to_owned(), None),
        (String::new(), Some(KvKeyError::Empty)),
        (".".to_owned(), Some(KvKeyError::Dot)),
        ("..".to_owned(), Some(KvKeyError::Dot)),
        ("é".repeat(513), Some(KvKeyError::TooLong { bytes: 1026 })),
        ("a".repeat(1025), Some(KvKeyError::TooLong { bytes: 1025 })),
        ("a\nb".to_owned(), Some(KvKeyError::LineBreak)),
        ("a\rb".to_owned(), Some(KvKeyError::LineBreak)),
        (".well-known/acme-challenge/x".to_owned(), Some(KvKeyError::AcmeChallenge)),
    ];
    for (text, expected) in cases {
        assert_eq!(KvKey::new(text.as_str()).err(), expected, "for {text:?}");
    }
}

#[test]
fn surrogate_keys() {
    let cases = [
        ("pages", None),
        ("~!", None),
        ("", Some(SurrogateKeyError::Empty)),
        ("a b", Some(SurrogateKeyError::BadChar { position: 2, found: ' ' })),
        ("é", Some(SurrogateKeyError::BadChar { position: 1, found: 'é' })),
    ];
    for (text, expected) in cases {
        assert_eq!(SurrogateKey::new(text).err(), expected, "for {text:?}");
    }
    assert!(SurrogateKey::new("a".repeat(1024)).is_ok());
    assert!(SurrogateKey::new("a".repeat(1025)).is_err());
}

#[test]
fn refusals_say_the_rule() {
    let long = KvKeyError::TooLong { bytes: 1025 }.to_string();
    assert_eq!(long, "a KV key has at most 1024 bytes, this one has 1025");
    let line = SurrogateKeyError::BadChar { position: 2, found: '\n' }.to_string();
    assert_eq!(line, "a surrogate key is visible ASCII, not `\\n` at position 2");
}

#[test]
fn a_cache_key_is_any_bytes_up_to_4096() {
    for (bytes, taken) in [(0, true), (1, true), (4096, true), (4097, false)] {
        assert_eq!(CacheKey::new(&vec![0xff; bytes]).is_ok(), taken, "{bytes}");
    }
    let told = CacheKey::new(&[0; 5000]).unwrap_err().to_string();
    assert_eq!(told, "a cache key has at most 4096 bytes, this one has 5000");
}
