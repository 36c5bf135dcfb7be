//! Bodies far larger than the shelf stream through both services, in both directions.

use std::io::{Read, Write};

use crate::shop::Shop;

const GIB: u64 = 1 << 30;
const BOUND: u64 = 100_000_000;

/// Reads a response of `bytes` to its end, watching the node's memory; returns the highest.
fn stream(shop: &Shop, path: &str, bytes: u64) -> u64 {
    let mut stream = shop.node.connect().unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: shop.localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    let (mut read, mut peak, mut steps) = (0, 0, 0_u32);
    let mut buffer = vec![0; 1 << 20];
    loop {
        let got = stream.read(&mut buffer).unwrap() as u64;
        read += got;
        steps += 1;
        if steps % 64 == 1 || got == 0 {
            peak = peak.max(shop.node.resident_bytes().unwrap());
        }
        if got == 0 {
            break;
        }
    }
    assert!(read > bytes, "{read} bytes came, the head included");
    peak
}

/// Sends a request body of `bytes`, watching the node's memory; returns the highest and the answer.
fn upload(shop: &Shop, bytes: u64) -> (u64, String) {
    let mut stream = shop.node.connect().unwrap();
    write!(
        stream,
        "PUT /sink HTTP/1.1\r\nHost: shop.localhost\r\nConnection: close\r\nContent-Length: {bytes}\r\n\r\n"
    )
    .unwrap();
    let chunk = vec![b'x'; 1 << 20];
    let mut peak = 0;
    for _ in 0..bytes / (1 << 20) {
        stream.write_all(&chunk).unwrap();
        peak = peak.max(shop.node.resident_bytes().unwrap());
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    (peak, answer)
}

#[test]
fn a_gibibyte_is_uploaded_through_two_services_in_bounded_memory() {
    let shop = Shop::start(&["--shelf", "64"]);
    stream(&shop, "/blob/1000", 1000);
    let idle = shop.node.resident_bytes().unwrap();
    let (peak, answer) = upload(&shop, GIB);
    assert!(answer.ends_with(&format!("\r\n\r\n{GIB}\n")), "{answer}");
    assert!(peak < idle + BOUND, "{peak} bytes at most, {idle} when idle");
}

#[test]
fn a_gibibyte_streams_through_two_services_in_bounded_memory() {
    let shop = Shop::start(&["--shelf", "64"]);
    stream(&shop, "/blob/1000", 1000);
    let idle = shop.node.resident_bytes().unwrap();
    for path in [format!("/blob/{GIB}"), format!("/account/blob/{GIB}")] {
        let peak = stream(&shop, &path, GIB);
        assert!(peak < idle + BOUND, "{path}: {peak} bytes at most, {idle} when idle");
    }
}
