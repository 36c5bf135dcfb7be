//! A response far larger than the shelf streams through both services and leaves no trace.

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
