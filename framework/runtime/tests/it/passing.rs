//! What passes through untouched: methods, statuses, trailers, framing.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
};

use selvedge_testkit::process::Process;

use crate::process::{MANIFEST, folder, serve};

/// An origin that reads a head and then writes this, connection after connection.
pub(crate) fn origin(answer: impl Fn(&str) -> String + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let request = read(&mut stream);
            let _ = stream.write_all(answer(&request).as_bytes());
        }
    });
    address
}

/// A head of any size, and the body `abc` where one was announced.
fn read(stream: &mut std::net::TcpStream) -> String {
    let mut request = String::new();
    let mut buffer = [0; 65536];
    loop {
        let length = stream.read(&mut buffer).unwrap_or(0);
        request.push_str(&String::from_utf8_lossy(&buffer[..length]));
        let announced = request.contains("chunked") || request.contains("content-length: 3");
        let complete = request.contains("\r\n\r\n") && (!announced || request.contains("abc"));
        if length == 0 || complete {
            return request;
        }
    }
}

fn node(origin: SocketAddr) -> (tempfile::TempDir, Process) {
    let folder = folder(&MANIFEST.replace("ORIGIN", &origin.to_string()));
    let node = Process::start(serve(folder.path(), &[])).unwrap().unwrap();
    (folder, node)
}

#[test]
fn every_method_and_every_status_passes() {
    let (_folder, node) = node(origin(|head| {
        let method = head.split(' ').next().unwrap_or_default();
        let status =
            head.split("x-status: ").nth(1).and_then(|rest| rest.get(..3)).unwrap_or("200");
        let length = if method == "HEAD" { 0 } else { method.len() };
        let body = if method == "HEAD" { "" } else { method };
        format!(
            "HTTP/1.1 {status} Whatever\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
    }));
    for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "X-OWN"]
    {
        let answer = node
            .raw(&format!(
                "{method} / HTTP/1.1\r\nHost: site.localhost\r\nConnection: close\r\n\r\n"
            ))
            .unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{method}: {answer}");
        assert!(method == "HEAD" || answer.ends_with(method), "{method}: {answer}");
    }
    for status in [200, 201, 226, 299, 300, 308, 400, 418, 451, 499, 500, 511, 599, 600, 999] {
        let answer =
            node.get("site.localhost", "/status", &format!("x-status: {status}\r\n")).unwrap();
        let line = format!("HTTP/1.1 {status} Whatever\r\n");
        assert!(answer.starts_with(&line), "{status}: {answer}");
    }
}

#[test]
fn trailers_reach_a_client_that_takes_them() {
    let (_folder, node) = node(origin(|_| {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nConnection: close\r\n\r\n\
         5\r\nhello\r\n0\r\nX-Sum: 42\r\n\r\n"
            .to_owned()
    }));
    let answer = node.get("site.localhost", "/", "TE: trailers\r\n").unwrap();
    assert!(answer.to_lowercase().ends_with("0\r\nx-sum: 42\r\n\r\n"), "{answer}");
}

#[test]
fn trailers_of_a_request_say_nothing_that_headers_are_for() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (_folder, node) = node(listener.local_addr().unwrap());
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = String::new();
        let mut buffer = [0; 4096];
        while !request.contains("abc") || !request.ends_with("\r\n\r\n") {
            let length = stream.read(&mut buffer).unwrap();
            assert!(length > 0, "{request}");
            request.push_str(&String::from_utf8_lossy(&buffer[..length]));
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
        request
    });
    let answer = node.raw(
        "POST / HTTP/1.1\r\nHost: site.localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\
         Trailer: Edge-Auth, CDN-Loop, Fastly-Client-IP, X-Sum\r\n\r\n3\r\nabc\r\n0\r\n\
         Edge-Auth: 1,1,LHR,0x0\r\nCDN-Loop: other\r\nFastly-Client-IP: 192.0.2.1\r\nX-Sum: 42\r\n\r\n",
    );
    assert!(answer.unwrap().starts_with("HTTP/1.1 200 "));
    let asked = asked.join().unwrap().to_lowercase();
    let (_, trailers) = asked.split_once("\r\n0\r\n").unwrap();
    assert_eq!(trailers, "x-sum: 42\r\n\r\n");
}

#[test]
fn a_body_is_as_long_as_was_declared() {
    let (_folder, longer) = node(origin(|_| {
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nCache-Control: max-age=60\r\n\r\nabcdef".to_owned()
    }));
    for _ in 0..2 {
        assert!(longer.get("site.localhost", "/", "").unwrap().ends_with("\r\n\r\nabc"));
    }
    let (_folder, shorter) = node(origin(|_| {
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nCache-Control: max-age=60\r\n\r\nabc".to_owned()
    }));
    for _ in 0..2 {
        let answer = shorter.get("site.localhost", "/", "").unwrap();
        assert!(answer.contains("x-cache: MISS") && answer.ends_with("\r\n\r\nabc"), "{answer}");
    }
}

#[test]
fn interim_responses_do_no_harm() {
    let (_folder, node) = node(origin(|_| {
        "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n\
         HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
            .to_owned()
    }));
    assert!(node.get("site.localhost", "/", "").unwrap().ends_with("hello"));
}

#[test]
fn a_head_larger_than_the_edge_takes_is_named() {
    let (_folder, node) =
        node(origin(|_| "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_owned()));
    let answer = node.get("site.localhost", "/", &format!("X: {}\r\n", "x".repeat(100_000)));
    let answer = answer.unwrap();
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[test]
fn a_protocol_is_not_switched_unasked() {
    let (_folder, node) = node(origin(|_| {
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n".to_owned()
    }));
    let answer = node.get("site.localhost", "/", "").unwrap();
    assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
    assert!(answer.contains("error-reason: invalid response"), "{answer}");
}

#[test]
fn the_body_of_a_get_is_forwarded_however_it_is_framed() {
    let (_folder, node) = node(origin(|request| {
        let body = request.split("\r\n\r\n").skip(1).collect::<Vec<_>>().join("|");
        let body = body.replace("\r\n", "/");
        format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
    }));
    for framing in
        ["Content-Length: 3\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"]
    {
        let answer = node
            .raw(&format!(
                "GET / HTTP/1.1\r\nHost: site.localhost\r\nConnection: close\r\n{framing}"
            ))
            .unwrap();
        assert!(answer.contains("detail=request-body"), "{answer}");
        assert!(answer.contains("abc"), "{framing}: {answer}");
    }
}

#[test]
fn trailers_do_not_keep_a_response_off_the_shelf() {
    let (_folder, node) = node(origin(|_| {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nCache-Control: max-age=60\r\n\
         Connection: close\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 42\r\n\r\n"
            .to_owned()
    }));
    assert!(node.get("site.localhost", "/", "").unwrap().contains("x-cache: MISS"));
    let hit = node.get("site.localhost", "/", "").unwrap();
    assert!(hit.contains("x-cache: HIT") && hit.ends_with("\r\n\r\nhello"), "{hit}");
}

#[test]
fn folded_lines_are_unfolded_and_a_coding_nobody_asked_for_is_named() {
    let (_folder, folded) = node(origin(|_| {
        "HTTP/1.1 200 OK\r\nX-Folded: a\r\n  b\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
            .to_owned()
    }));
    let answer = folded.get("site.localhost", "/", "").unwrap();
    assert!(answer.contains("\r\nx-folded: a b\r\n"), "{answer}");
    let (_folder, coded) = node(origin(|_| {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n\
         5\r\nhello\r\n0\r\n\r\n"
            .to_owned()
    }));
    let answer = coded.get("site.localhost", "/", "").unwrap();
    assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
    assert!(answer.contains("error-reason: invalid response"), "{answer}");
}

#[test]
fn chunks_outweigh_a_declared_length() {
    for length in [2, 5, 50] {
        let (_folder, node) = node(origin(move |_| {
            format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nTransfer-Encoding: chunked\r\n\
                 Cache-Control: max-age=60\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
            )
        }));
        assert!(node.get("site.localhost", "/", "").unwrap().contains("hello"));
        let hit = node.get("site.localhost", "/", "").unwrap();
        assert!(hit.contains("x-cache: HIT") && hit.ends_with("\r\n\r\nhello"), "{hit}");
    }
}

/// To HTTP/1.0 the end of a connection is that of the body.
#[test]
fn a_body_that_breaks_off_is_no_whole_one_to_http10() {
    for body in ["5\r\nhello\r\n", "5\r\nhello\r\n0\r\n\r\n"] {
        let origin = origin(move |_| {
            format!(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{body}"
            )
        });
        let folder = folder(&MANIFEST.replace("ORIGIN", &origin.to_string()));
        let node = Process::start(serve(folder.path(), &[])).unwrap().unwrap();
        let mut client = TcpStream::connect(node.address()).unwrap();
        client.write_all(b"GET / HTTP/1.0\r\nHost: site.localhost\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        let ended = client.read_to_end(&mut answer).map_err(|error| error.kind());
        match body.ends_with("0\r\n\r\n") {
            true => assert!(ended.is_ok() && answer.ends_with(b"hello"), "{ended:?}"),
            false => assert_eq!(ended, Err(std::io::ErrorKind::ConnectionReset)),
        }
    }
}
