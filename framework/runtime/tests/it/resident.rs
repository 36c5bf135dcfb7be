//! What a node has of the system's memory while large bodies come and go: what the allocator leaves between them is in no
//! account, so only the system can tell.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
};

use selvedge_testkit::process::Process;

use crate::process::{MANIFEST, folder, serve};

const MIB: u64 = 1024 * 1024;
const SHELF: u64 = 32;
/// Six full chunks and a short one.
const BODY: usize = 100_000;

/// An origin that answers whatever it is asked with a new body, on connections that stay.
fn origin() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || serve_bodies(stream));
        }
    });
    address
}

fn serve_bodies(stream: TcpStream) -> Option<()> {
    let mut requests = BufReader::new(stream.try_clone().ok()?);
    let head = format!("Cache-Control: max-age=60\r\nContent-Length: {BODY}\r\n\r\n");
    let answer = [format!("HTTP/1.1 200 OK\r\n{head}").as_bytes(), &[b'x'; BODY]].concat();
    loop {
        length(&mut requests)?;
        (&stream).write_all(&answer).ok()?;
    }
}

/// Reads a head, and says how long the body is.
fn length(stream: &mut impl BufRead) -> Option<usize> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("content-length", said)) => length = said.parse().ok()?,
            None if line == "\r\n" => return Some(length),
            _ => {}
        }
    }
}

struct Client(BufReader<TcpStream>);

impl Client {
    fn get(&mut self, path: &str) {
        let request = format!("GET {path} HTTP/1.1\r\nHost: site.localhost\r\n\r\n");
        self.0.get_ref().write_all(request.as_bytes()).unwrap();
        let length = length(&mut self.0).unwrap();
        assert_eq!(length, BODY);
        self.0.read_exact(&mut vec![0; length]).unwrap();
    }
}

#[test]
fn bodies_that_come_and_go_take_what_the_shelf_may_and_little_more() {
    let folder = folder(&MANIFEST.replace("ORIGIN", &origin().to_string()));
    let node =
        Process::start(serve(folder.path(), &["--shelf", &SHELF.to_string()])).unwrap().unwrap();
    let mut client = Client(BufReader::new(node.connect().unwrap()));
    client.get("/first");
    let idle = node.resident_bytes().unwrap();
    // Three times what there is room for.
    for number in 0..3 * SHELF * MIB / BODY as u64 {
        client.get(&format!("/{number}"));
    }
    let more = node.resident_bytes().unwrap().saturating_sub(idle);
    assert!(more > SHELF * MIB * 3 / 4, "only {more} bytes: the shelf was not full");
    assert!(more < SHELF * MIB * 11 / 10, "{more} bytes for a shelf of {SHELF} MiB");
}
