use super::*;
use crate::account::Repeatable;

fn sealer(text: &str) -> Sealer {
    let key = SecretKey::parse(&text.repeat(32)).unwrap();
    Sealer::new(&key, Arc::new(Repeatable::default()))
}

fn secret(text: &str) -> Secret {
    Secret::new(text.as_bytes().to_vec())
}

#[test]
fn what_is_sealed_is_opened_where_it_belongs_and_nowhere_else() {
    let ours = sealer("0a");
    for text in ["", "hunter2", &"x".repeat(64 * 1024)] {
        let (sealed, _) = ours.seal(("store", "name"), &secret(text));
        let open = |by: &Sealer, place, sealed: &[u8]| {
            by.open(place, sealed).map(|secret| secret.plaintext().to_vec())
        };
        assert_eq!(open(&ours, ("store", "name"), &sealed).unwrap(), text.as_bytes());
        assert_eq!(open(&ours, ("store", "other"), &sealed), None);
        assert_eq!(open(&ours, ("other", "name"), &sealed), None);
        assert_eq!(open(&sealer("0b"), ("store", "name"), &sealed), None);
        for at in [0, NONCE, sealed.len() - 1] {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert_eq!(open(&ours, ("store", "name"), &damaged), None);
            assert_eq!(open(&ours, ("store", "name"), &sealed[..at]), None);
        }
    }
}

#[test]
fn nothing_sealed_shows_the_text_or_that_it_is_the_same() {
    let ours = sealer("0a");
    let text = secret("a-text-that-would-be-seen");
    let places = [("store", "name"), ("store", "name"), ("store", "other"), ("other", "name")];
    let sealed = places.map(|place| ours.seal(place, &text));
    for (at, (bytes, digest)) in sealed.iter().enumerate() {
        assert_eq!(BASE64_STANDARD.decode(digest).unwrap().len(), 32);
        assert!(!bytes.windows(6).any(|window| b"a-text-that-would-be-seen".starts_with(window)));
        for (other, digest_of_other) in &sealed[at + 1..] {
            assert_ne!(bytes[..NONCE], other[..NONCE]);
            assert_ne!(digest, digest_of_other);
        }
    }
}

#[test]
fn what_is_said_is_the_same_for_the_same_secret_in_the_same_place_only() {
    let (ours, others) = (sealer("0a"), sealer("0b"));
    let (one, two) = (secret("one"), secret("two"));
    let said = ours.said(("store", "name"), &one);
    assert_eq!(said, ours.said(("store", "name"), &one));
    assert_ne!(said, ours.said(("store", "name"), &two));
    assert_ne!(said, ours.said(("store", "other"), &one));
    assert_ne!(said, others.said(("store", "name"), &one));
}

/// Without random bits nonces differ as long as what is sealed does.
#[test]
fn a_broken_source_of_randomness_repeats_no_nonce_for_another_text() {
    struct Broken;
    impl Random for Broken {
        fn fill(&self, _: &mut [u8]) -> std::io::Result<()> {
            Err(std::io::ErrorKind::Unsupported.into())
        }
    }
    let ours = Sealer::new(&SecretKey::throw_away(), Arc::new(Broken));
    let nonce = |place, text| ours.seal(place, &secret(text)).0[..NONCE].to_vec();
    assert_ne!(nonce(("s", "n"), "one"), nonce(("s", "n"), "two"));
    assert_ne!(nonce(("s", "n"), "one"), nonce(("s", "m"), "one"));
}
