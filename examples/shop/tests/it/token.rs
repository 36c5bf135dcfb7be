//! A token that openssl made opens the catalog; the same token altered does not.

use std::{
    io::Write,
    process::{Command, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};

use crate::shop::Shop;

const SECRET: &str = "the secret-seed of this test";

/// HMAC-SHA256 as lower-case hex, by openssl.
fn hmac(secret: &str, message: &str) -> String {
    let mut openssl = Command::new("openssl")
        .args(["dgst", "-sha256", "-r", "-hmac", secret])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the test needs `openssl`");
    openssl.stdin.take().unwrap().write_all(message.as_bytes()).unwrap();
    let output = openssl.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().split_whitespace().next().unwrap().to_owned()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn token(id: &str, secret: &str, seconds: u64) -> String {
    let message = format!("{seconds},LHR");
    format!("Edge-Auth: {id},{message},0x{}\r\n", hmac(secret, &message))
}

#[test]
fn openssl_opens_the_catalog_and_nobody_else_does() {
    let shop = Shop::with(&[], &[("SHOP_CHAIN_SECRET", SECRET)], |manifest| {
        manifest.replace("generate = 32", "env = \"SHOP_CHAIN_SECRET\"")
    });
    let ask = |lines: &str| shop.node.get("catalog.localhost", "/", lines).unwrap();
    let refusals = [
        (String::new(), "chain token missing"),
        ("Edge-Auth: forged\r\n".to_owned(), "chain token malformed"),
        (token("1", "a guess", now()), "chain signature wrong"),
        (token("9", SECRET, now()), "chain secret unknown"),
        (token("1", SECRET, now() - 60), "chain token expired"),
        (token("1", SECRET, now() + 60), "chain token expired"),
        (token("1", SECRET, now()).replace("LHR", "IAD"), "chain signature wrong"),
    ];
    for (lines, reason) in refusals {
        let answer = ask(&lines);
        assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{lines}{answer}");
        assert!(answer.contains(&format!("\r\nerror-reason: {reason}\r\n")), "{lines}{answer}");
    }
    assert_eq!(shop.origin_count(), 0);
    let answer = ask(&token("1", SECRET, now()));
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let chained = shop.node.get("shop.localhost", "/", "").unwrap();
    assert!(chained.starts_with("HTTP/1.1 200 OK\r\n"), "{chained}");
}
