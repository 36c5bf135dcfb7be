//! An answer that comes in pieces of every length is whole with its last byte, and not before.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Instant;

use super::Client;
use crate::targets::Target;

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx: y\r\n\r\nhello";

fn client() -> (Client, std::net::TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::connect(listener.local_addr().unwrap()).unwrap();
    (client, listener.accept().unwrap().0)
}

#[test]
fn an_answer_is_whole_with_its_last_byte() {
    let (mut client, _server) = client();
    for size in 1..=ANSWER.len() {
        let pieces: Vec<_> = ANSWER.chunks(size).collect();
        let (last, first) = pieces.split_last().unwrap();
        for piece in first {
            assert!(!client.is_answered_by(piece).unwrap(), "in pieces of {size}");
        }
        assert!(client.is_answered_by(last).unwrap(), "in pieces of {size}");
    }
}

#[test]
fn a_request_goes_out_and_its_answer_comes_in() {
    let (mut client, mut server) = client();
    client.ask(Target { size: 5, number: 0 }, Instant::now()).unwrap();
    let mut asked = [0; 512];
    let came = server.read(&mut asked).unwrap();
    assert!(asked[..came].starts_with(b"GET /5/0 HTTP/1.1\r\n"));
    server.write_all(ANSWER).unwrap();
    let mut seen = Vec::new();
    let whole = client.receive(&mut [0; 7], |bytes| seen.extend_from_slice(bytes)).unwrap();
    assert!(whole && seen == ANSWER);
}

#[test]
fn what_is_no_measurement_is_refused() {
    let (mut one, _server) = client();
    let error = one.is_answered_by(b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n");
    assert!(error.unwrap_err().to_string().contains("503"));
    let (mut two, _server) = client();
    let twice = [ANSWER, b"H"].concat();
    assert!(two.is_answered_by(&twice).unwrap_err().to_string().contains("more than one"));
    let (mut three, server) = client();
    drop(server);
    assert!(three.receive(&mut [0; 8], |_| ()).unwrap_err().to_string().contains("hung up"));
}
