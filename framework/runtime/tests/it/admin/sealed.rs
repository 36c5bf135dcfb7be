//! Secrets that are sealed by the client, how large a secret may be, and that none is ever shown.

use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_box::{
    PublicKey,
    aead::rand_core::{CryptoRng, Error, RngCore},
};
use ring::signature::{ED25519, UnparsedPublicKey};
use selvedge_model::limits::SECRET_MAX;

use super::{Node, Reply};

/// Numbers that are random enough for a test's boxes.
struct Random(fastrand::Rng);

impl RngCore for Random {
    fn next_u32(&mut self) -> u32 {
        self.0.u32(..)
    }

    fn next_u64(&mut self) -> u64 {
        self.0.u64(..)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Random {}

/// A key of a node, as a client uses it.
struct ClientKey(Vec<u8>);

impl ClientKey {
    /// Asks for one, and checks that it is the node's.
    async fn of(node: &Node) -> Self {
        let given = node.plain("POST /resources/stores/secret/client-key").await;
        assert_eq!(given.status, 200);
        let bytes = |reply: &Reply, name: &str| STANDARD.decode(reply.field(name)).unwrap();
        let (public, signature) = (bytes(&given, "public_key"), bytes(&given, "signature"));
        let signing = node.plain("GET /resources/stores/secret/signing-key").await;
        let signing = UnparsedPublicKey::new(&ED25519, bytes(&signing, "signing_key"));
        signing.verify(&public, &signature).unwrap();
        Self(public)
    }

    fn seal(&self, plain: &[u8]) -> String {
        let key = PublicKey::from_slice(&self.0).unwrap();
        STANDARD.encode(key.seal(&mut Random(fastrand::Rng::with_seed(1)), plain).unwrap())
    }
}

async fn put(node: &Node, store: &str, secret: &str, key: &ClientKey) -> Reply {
    let key = STANDARD.encode(&key.0);
    let body = format!(r#"{{"name":"sealed","secret":"{secret}","client_key":"{key}"}}"#);
    node.json(&format!("PUT /resources/stores/secret/{store}/secrets"), &body).await
}

#[tokio::test]
async fn a_secret_comes_sealed_to_a_key_that_the_node_signed() {
    let node = Node::start().await;
    let store = node.store("secret", "keys").await;
    let key = ClientKey::of(&node).await;
    let put = put(&node, &store, &key.seal(b"secret-seed: open sesame"), &key).await;
    assert_eq!((put.status, put.field("name").as_str()), (200, "sealed"));
    assert_eq!(STANDARD.decode(put.field("digest")).unwrap().len(), 32);
    assert_eq!(node.secret(&store, "sealed").as_deref(), Some("secret-seed: open sesame"));
}

#[tokio::test]
async fn a_client_key_is_good_for_ten_minutes() {
    let node = Node::start().await;
    let store = node.store("secret", "keys").await;
    let key = ClientKey::of(&node).await;
    // Another one that is asked for in the meantime leaves it as it is.
    node.wait(599).await;
    let newer = ClientKey::of(&node).await;
    assert_ne!(key.0, newer.0);
    assert_eq!(put(&node, &store, &key.seal(b"secret-seed in time"), &key).await.status, 200);
    node.wait(1).await;
    let late = put(&node, &store, &key.seal(b"too late"), &key).await;
    let says = "`client_key` is none that this node gave in the last ten minutes";
    assert_eq!((late.status, late.field("detail").as_str()), (400, says));
    assert_eq!(put(&node, &store, &newer.seal(b"secret-seed in time"), &newer).await.status, 200);
    assert_eq!(node.secret(&store, "sealed").as_deref(), Some("secret-seed in time"));
}

#[tokio::test]
async fn what_is_sealed_to_another_key_is_refused() {
    let node = Node::start().await;
    let store = node.store("secret", "keys").await;
    let key = ClientKey::of(&node).await;
    let foreign =
        ClientKey(crypto_box::SecretKey::from_bytes([7; 32]).public_key().as_bytes().to_vec());
    for (secret, key, says) in [
        (foreign.seal(b"s"), &key, "the secret is not sealed to this `client_key`"),
        (STANDARD.encode("s"), &key, "the secret is not sealed to this `client_key`"),
        (
            key.seal(b"s"),
            &foreign,
            "`client_key` is none that this node gave in the last ten minutes",
        ),
    ] {
        let refused = put(&node, &store, &secret, key).await;
        assert_eq!((refused.status, refused.field("detail").as_str()), (400, says));
    }
    assert_eq!(node.secret(&store, "sealed"), None);
}

#[tokio::test]
async fn a_secret_has_so_many_bytes() {
    let node = Node::start().await;
    let store = node.store("secret", "keys").await;
    let line = format!("PUT /resources/stores/secret/{store}/secrets");
    let body = |bytes: usize| {
        format!(r#"{{"name":"plain","secret":"{}"}}"#, STANDARD.encode(vec![b's'; bytes]))
    };
    assert_eq!(node.json(&line, &body(SECRET_MAX)).await.status, 200);
    let refused = node.json(&line, &body(SECRET_MAX + 1)).await;
    let says = "a secret has at most 65536 bytes, this one has 65537";
    assert_eq!((refused.status, refused.field("detail").as_str()), (400, says));
    let key = ClientKey::of(&node).await;
    let sealed = key.seal(&[b's'; SECRET_MAX]);
    assert_eq!(put(&node, &store, &sealed, &key).await.status, 200);
    let sealed = key.seal(&[b's'; SECRET_MAX + 1]);
    assert_eq!(put(&node, &store, &sealed, &key).await.status, 400);
    assert_eq!(node.json(&line, &body(1024 * 1024)).await.status, 413);
}

/// Every way in which a secret can come in, right or wrong, and every answer that could show it.
#[tokio::test]
async fn no_answer_shows_what_a_secret_says() {
    const SAYS: &str = "secret-seed-7f3a";
    let node = Node::start().await;
    let store = node.store("secret", "keys").await;
    let root = format!("/resources/stores/secret/{store}/secrets");
    let base64 = STANDARD.encode(SAYS);
    let mut answers = Vec::new();
    for body in [
        format!(r#"{{"name":"a","secret":"{base64}"}}"#),
        format!(r#"{{"name":"a","secret":"{SAYS}"}}"#),
        format!(r#"{{"name":"a","secret":["{SAYS}"]}}"#),
        format!(r#"{{"name":"a","{SAYS}":1}}"#),
        format!(r#"{{"name":"a","secret":"{base64}","client_key":"{base64}"}}"#),
        format!(r#"{{"name":"a","secret":"{base64}","client_key":"{SAYS}"}}"#),
        format!(r#""{SAYS}""#),
        SAYS.to_owned(),
    ] {
        for method in ["POST", "PUT", "PATCH"] {
            answers.push(node.json(&format!("{method} {root}"), &body).await);
        }
    }
    for path in [root.clone(), format!("{root}/a"), "/account".to_owned()] {
        answers.push(node.plain(&format!("GET {path}")).await);
    }
    for answer in &answers {
        let all = format!("{answer:?}{}", answer.text());
        assert!(!all.contains(SAYS) && !all.contains(&base64), "{all}");
    }
    assert_eq!(node.secret(&store, "a").as_deref(), Some(SAYS));
}
