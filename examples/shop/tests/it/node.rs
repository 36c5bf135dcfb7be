//! What only a real node shows: hits over sockets, and what survives a kill.

use std::{
    io::{BufRead, BufReader, Write},
    sync::atomic::{AtomicBool, Ordering},
};

use crate::shop::Shop;

#[test]
fn the_second_request_is_a_hit_and_never_reaches_the_origin() {
    let shop = Shop::start(&[]);
    let first = shop.node.get("shop.localhost", "/", "").unwrap();
    assert!(first.starts_with("HTTP/1.1 200 OK\r\n"), "{first}");
    let count = shop.origin_count();
    let second = shop.node.get("shop.localhost", "/", "").unwrap();
    assert!(second.contains("\r\nx-cache: HIT, MISS\r\n"), "{second}");
    assert!(second.contains("\r\ncache-status: \"LHR/catalog\"; hit"), "{second}");
    assert_eq!(shop.origin_count(), count);
}

#[test]
fn a_slow_or_failing_origin_is_told_by_name() {
    let soon =
        "override_host = \"origin.example\"\nfirst_byte_timeout_ms = 100\nconnect_timeout_ms = 100";
    let shop = Shop::with(&[], &[], |manifest| {
        manifest.replace("override_host = \"origin.example\"", soon)
    });
    let tell = |query: &str| {
        let answer = shop.origin.raw(&format!(
            "POST /_next?{query} HTTP/1.1\r\nHost: o\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        ));
        assert!(answer.unwrap().contains("204 No Content"));
    };
    tell("status=503");
    let failed = shop.node.get("shop.localhost", "/pages/a", "").unwrap();
    assert!(failed.starts_with("HTTP/1.1 503 "), "{failed}");
    tell("delay_ms=60000");
    let slow = shop.node.get("shop.localhost", "/pages/b", "").unwrap();
    assert!(slow.starts_with("HTTP/1.1 504 "), "{slow}");
    assert!(slow.contains("\r\nerror-reason: first byte timeout\r\n"), "{slow}");
}

/// Writes profiles one after another until the node is killed; returns those acknowledged.
fn write_until_killed(shop: &mut Shop, writes_before_kill: usize) -> Vec<usize> {
    let stream = shop.node.connect().unwrap();
    let enough = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut stream = &stream;
            let mut done = Vec::new();
            for id in 0.. {
                let body = format!("{{\"name\":\"user {id}\"}}");
                let sent = write!(
                    stream,
                    "PUT /users/k{id} HTTP/1.1\r\nHost: shop.localhost\r\n\
                     Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                );
                if sent.is_err() || !acknowledged(&mut reader) {
                    return done;
                }
                done.push(id);
                enough.store(done.len() >= writes_before_kill, Ordering::SeqCst);
            }
            done
        });
        while !enough.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        shop.node.kill().unwrap();
        writer.join().unwrap()
    })
}

fn acknowledged(reader: &mut impl BufRead) -> bool {
    let mut status = String::new();
    if reader.read_line(&mut status).unwrap_or(0) == 0 {
        return false;
    }
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return false;
        }
        if let Some(text) = line.strip_prefix("content-length: ") {
            length = text.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    status.starts_with("HTTP/1.1 200 ") && reader.read_exact(&mut body).is_ok()
}

#[test]
fn acknowledged_writes_survive_kill_9() {
    let mut shop = Shop::start(&[]);
    let done = write_until_killed(&mut shop, 40);
    assert!(done.len() >= 40);
    shop.restart();
    for id in done {
        let answer = shop.node.get("shop.localhost", &format!("/users/k{id}"), "").unwrap();
        assert!(answer.ends_with(&format!("{{\"name\":\"user {id}\"}}")), "k{id}: {answer}");
    }
    let seed = shop.node.get("shop.localhost", "/users/1", "").unwrap();
    assert!(seed.ends_with("{\"name\":\"Ada\"}"), "{seed}");
}
