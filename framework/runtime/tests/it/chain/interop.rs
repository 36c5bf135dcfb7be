//! Tokens between selvedge and others: what openssl signs is accepted, and openssl finds what we sign to be right.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use selvedge::chain::Purpose;
use selvedge_testkit::{Edge, ok};

use super::{SECRET, THIS, direct, edge, modes::towards_origin, once, once_token};

/// What `openssl dgst -sha256 -hmac` says of a text, in hexadecimal.
fn openssl(text: &str) -> String {
    let mut child = Command::new("openssl")
        .args(["dgst", "-sha256", "-hmac", SECRET])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let said = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    said.trim().rsplit(' ').next().unwrap().to_owned()
}

/// What the script beside this file makes, which knows nothing of ours.
fn scripted(seconds: u64) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/chain/token.sh");
    let seconds = seconds.to_string();
    let output = Command::new("sh").args([script, "1", SECRET, &seconds, "AMS"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn what_a_script_signs_is_accepted() {
    let edge = edge().await;
    let token = scripted(edge.now_ms() / 1000);
    assert_eq!(edge.send(direct(&[&token])).await.status.as_u16(), 200, "{token}");
    let stale = scripted(edge.now_ms() / 1000 - 2);
    assert_eq!(edge.send(direct(&[&stale])).await.status.as_u16(), 403);
}

#[tokio::test]
async fn what_we_sign_towards_an_origin_is_what_openssl_signs() {
    let edge = Edge::from_toml(&towards_origin("")).env("CHAIN_SECRET", SECRET).start().await;
    let origin = edge.origin("back", "origin");
    origin.on("/").reply(ok("hello"));
    assert_eq!(edge.send(direct(&[])).await.status.as_u16(), 200);
    let arrived = origin.arrived();
    let token = arrived[0].headers["edge-auth"].to_str().unwrap();
    let (before, mac) = token.rsplit_once(",0x").unwrap();
    let (id, covered) = before.split_once(',').unwrap();
    assert_eq!((id, covered), ("1", &*format!("{},LHR", edge.now_ms() / 1000)));
    assert_eq!(mac, openssl(covered));
}

#[tokio::test]
async fn a_one_time_token_is_signed_as_its_form_says() {
    let edge = once().await;
    let Purpose { service, method, authority, target } = THIS;
    let token = once_token(7, &THIS, edge.now_ms());
    let (before, mac) = token.rsplit_once(",0x").unwrap();
    let lines =
        format!("{}\n{service}\n{method}\n{authority}\n{target}", before.replace(',', "\n"));
    assert_eq!(mac, openssl(&lines));
    assert_eq!(edge.send(direct(&[&token])).await.status.as_u16(), 200);
}
