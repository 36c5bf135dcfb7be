//! A long answer of the lane on a real socket, which takes it piece by piece.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::Command,
};

use selvedge_testkit::process::Process;

use crate::process::{MANIFEST, folder, serve};

/// More than sockets hold between a node and a client that has only begun to read.
const LENGTH: usize = 8 << 20;
/// In mebibytes: an object may take an eighth.
const SHELF: &str = "256";

const GET: &str = "GET / HTTP/1.1\r\nHost: site.localhost\r\n\r\n";

/// No two pages of it are the same.
fn body() -> Vec<u8> {
    (0..LENGTH).map(|at| (at ^ (at >> 8) ^ (at >> 16)) as u8).collect()
}

/// An origin that answers one request.
fn origin() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let head = format!(
            "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: {LENGTH}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body())).unwrap();
    });
    address
}

/// Asks, and reads the head of the answer.
fn ask(client: &mut TcpStream) -> String {
    client.write_all(GET.as_bytes()).unwrap();
    head(client)
}

fn head(client: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    String::from_utf8(head).unwrap()
}

#[test]
fn a_long_answer_is_complete_even_where_the_node_is_told_to_end_in_the_middle() {
    let folder = folder(&MANIFEST.replace("ORIGIN", &origin().to_string()));
    let mut node = Process::start(serve(folder.path(), &["--shelf", SHELF])).unwrap().unwrap();
    let mut client = node.connect().unwrap();
    let (expected, mut heard) = (body(), vec![0; LENGTH]);
    for cache in ["MISS", "HIT"] {
        let head = ask(&mut client);
        assert!(head.contains(&format!("\r\nx-cache: {cache}\r\n")), "{head}");
        heard.fill(0);
        client.read_exact(&mut heard).unwrap();
        assert!(heard == expected, "{cache}");
    }
    heard.clear();
    let mut client = node.connect().unwrap();
    assert!(ask(&mut client).contains("x-cache: HIT"));
    let status = Command::new("kill").arg(node.id().to_string()).status().unwrap();
    assert!(status.success());
    client.read_to_end(&mut heard).unwrap();
    assert!(heard == expected, "{} bytes", heard.len());
    assert_eq!(node.wait().unwrap(), (Some(0), String::new()));
}

#[test]
fn a_client_that_goes_on_after_what_is_no_request_gets_all_its_answers() {
    let folder = folder(&MANIFEST.replace("ORIGIN", &origin().to_string()));
    let node = Process::start(serve(folder.path(), &["--shelf", SHELF])).unwrap().unwrap();
    let mut client = node.connect().unwrap();
    let (expected, mut heard) = (body(), vec![0; LENGTH]);
    assert!(ask(&mut client).contains("x-cache: MISS"));
    client.read_exact(&mut heard).unwrap();
    let says = format!("{GET}{GET}GET /\x01 HTTP/1.1\r\nHost: site.localhost\r\n\r\n");
    client.write_all(says.as_bytes()).unwrap();
    for _ in 0..2 {
        assert!(head(&mut client).contains("x-cache: HIT"));
        heard.fill(0);
        client.read_exact(&mut heard).unwrap();
        assert!(heard == expected);
    }
    let mut first = [0];
    client.read_exact(&mut first).unwrap();
    // A reset would take the rest of the refusal with it, which the client has not read.
    client.write_all(&[b'y'; 1 << 20]).unwrap();
    let mut rest = String::new();
    client.read_to_string(&mut rest).unwrap();
    assert!(rest.starts_with("TTP/1.1 400 Bad Request\r\n"), "{rest}");
}
