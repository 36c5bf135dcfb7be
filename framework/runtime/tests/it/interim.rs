//! Interim responses of an origin reach the client that caused them, over real sockets.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
    time::Duration,
};

use selvedge_testkit::process::Process;

use crate::process::{MANIFEST, folder, serve};

const HINTS: &str = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nConnection: X-Own\r\n\
                     X-Own: 1\r\nSurrogate-Key: a\r\n\r\n";
const SEEN: &str = "HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n";
const HELLO: &str =
    "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 5\r\n\r\nhello";
/// Far longer than anything takes; only a failing test waits for it.
const LIMIT: Duration = Duration::from_secs(20);

/// An origin that keeps its connections and answers each request, whose head it is given, as it is told. A body has
/// three bytes.
fn origin(answer: impl Fn(&str, &mut TcpStream) + Clone + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let answer = answer.clone();
            std::thread::spawn(move || {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap());
                while let Some(head) = read_head(&mut lines) {
                    if head.contains("content-length: 3") {
                        lines.read_exact(&mut [0; 3]).unwrap();
                    }
                    answer(&head, &mut stream);
                }
            });
        }
    });
    address
}

fn read_head(lines: &mut impl BufRead) -> Option<String> {
    let mut head = String::new();
    loop {
        match lines.read_line(&mut head) {
            Ok(1..) if head.ends_with("\r\n\r\n") => return Some(head),
            Ok(1..) => {}
            _ => return None,
        }
    }
}

fn writing(text: String) -> impl Fn(&str, &mut TcpStream) + Clone + Send + 'static {
    move |_, stream| {
        let _ = stream.write_all(text.as_bytes());
    }
}

fn node(manifest: &str, origin: SocketAddr) -> (tempfile::TempDir, Process) {
    let folder = folder(&manifest.replace("ORIGIN", &origin.to_string()));
    let node = Process::start(serve(folder.path(), &[])).unwrap().unwrap();
    (folder, node)
}

struct Client {
    stream: TcpStream,
    lines: BufReader<TcpStream>,
}

impl Client {
    fn of(node: &Process) -> Self {
        let stream = TcpStream::connect(node.address()).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        Self { lines: BufReader::new(stream.try_clone().unwrap()), stream }
    }

    fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).unwrap();
    }

    fn head(&mut self) -> String {
        read_head(&mut self.lines).unwrap()
    }

    fn body(&mut self, length: usize) -> String {
        let mut body = vec![0; length];
        self.lines.read_exact(&mut body).unwrap();
        String::from_utf8(body).unwrap()
    }
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: site.localhost\r\n\r\n")
}

#[test]
fn they_come_before_the_response_and_are_not_stored() {
    let (_folder, node) = node(MANIFEST, origin(writing(format!("{HINTS}{HELLO}"))));
    let mut client = Client::of(&node);
    client.send(&get("/"));
    assert_eq!(client.head(), SEEN);
    assert!(client.head().starts_with("HTTP/1.1 200 OK\r\n"));
    assert_eq!(client.body(5), "hello");
    client.send(&get("/"));
    let head = client.head();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.contains("x-cache: HIT"), "{head}");
    assert_eq!(client.body(5), "hello");
}

#[test]
fn they_do_not_wait_for_the_response() {
    let (seen, go): (Sender<()>, Receiver<()>) = channel();
    let go = std::sync::Arc::new(std::sync::Mutex::new(go));
    let (_folder, node) = node(
        MANIFEST,
        origin(move |_, stream| {
            stream.write_all(HINTS.as_bytes()).unwrap();
            // The response is made when the client has read the hints.
            go.lock().unwrap().recv_timeout(LIMIT).unwrap();
            stream.write_all(b"HTTP/1.1 102 Processing\r\n\r\n").unwrap();
            go.lock().unwrap().recv_timeout(LIMIT).unwrap();
            stream.write_all(HELLO.as_bytes()).unwrap();
        }),
    );
    let mut client = Client::of(&node);
    client.send(&get("/"));
    assert_eq!(client.head(), SEEN);
    seen.send(()).unwrap();
    assert_eq!(client.head(), "HTTP/1.1 102 Processing\r\n\r\n");
    seen.send(()).unwrap();
    assert!(client.head().starts_with("HTTP/1.1 200 OK\r\n"));
    assert_eq!(client.body(5), "hello");
}

#[test]
fn a_pipeline_keeps_them_with_their_requests() {
    let numbered = |head: &str, stream: &mut TcpStream| {
        let number = head.split(['/', ' ']).nth(2).unwrap_or_default();
        let hint = format!("HTTP/1.1 103 Early Hints\r\nLink: <{number}>\r\n\r\n");
        let length = 100_000;
        let last = format!(
            "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: {length}\r\n\r\n{}",
            number.repeat(length)
        );
        let _ = stream.write_all(format!("{hint}{hint}{last}").as_bytes());
    };
    let (_folder, node) = node(MANIFEST, origin(numbered));
    let mut client = Client::of(&node);
    let requests: String = (0..9).map(|number| get(&format!("/{number}"))).collect();
    client.send(&requests);
    for number in 0..9 {
        for _ in 0..2 {
            let hint = format!("HTTP/1.1 103 Early Hints\r\nlink: <{number}>\r\n\r\n");
            assert_eq!(client.head(), hint);
        }
        assert!(client.head().starts_with("HTTP/1.1 200 OK\r\n"));
        assert_eq!(client.body(100_000), number.to_string().repeat(100_000));
    }
}

#[test]
fn a_client_of_http_1_0_gets_none() {
    let (_folder, node) = node(MANIFEST, origin(writing(format!("{HINTS}{HELLO}"))));
    let answer = node.raw("GET / HTTP/1.0\r\nHost: site.localhost\r\n\r\n").unwrap();
    assert!(answer.starts_with("HTTP/1.0 200 OK\r\n") && answer.ends_with("hello"), "{answer}");
    assert!(!answer.contains("Early"), "{answer}");
}

#[test]
fn there_is_an_end_to_what_one_request_gets() {
    let many = HINTS.repeat(50);
    let (_folder, node) = node(MANIFEST, origin(writing(format!("{many}{HELLO}"))));
    let answer = node.get("site.localhost", "/", "").unwrap();
    assert_eq!(answer.matches("HTTP/1.1 103 ").count(), 16, "{answer}");
    assert!(answer.ends_with("hello"), "{answer}");
}

#[test]
fn they_come_through_a_chain_of_services_and_with_a_pass() {
    let chained = format!(
        "{MANIFEST}\n[services.front]\ntype = \"delivery\"\ndomains = [\"front.localhost\"]\n\
         backends.site = {{ service = \"site\" }}\n"
    );
    let (_folder, node) = node(&chained, origin(writing(format!("{HINTS}{HELLO}"))));
    let answer = node.get("front.localhost", "/", "").unwrap();
    assert!(answer.starts_with(&format!("{SEEN}HTTP/1.1 200 OK\r\n")), "{answer}");
    let posted = node.raw(
        "POST / HTTP/1.1\r\nHost: site.localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    );
    let posted = posted.unwrap();
    assert!(posted.starts_with(&format!("{SEEN}HTTP/1.1 200 OK\r\n")), "{posted}");
}

#[test]
fn they_stand_beside_a_continue() {
    let (_folder, node) = node(MANIFEST, origin(writing(format!("{HINTS}{HELLO}"))));
    let mut client = Client::of(&node);
    client.send(
        "POST / HTTP/1.1\r\nHost: site.localhost\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
    );
    assert_eq!(client.head(), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("abc");
    assert_eq!(client.head(), SEEN);
    assert!(client.head().starts_with("HTTP/1.1 200 OK\r\n"));
    assert_eq!(client.body(5), "hello");
}
