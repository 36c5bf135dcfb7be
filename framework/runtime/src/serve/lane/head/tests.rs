//! What the lane takes, and every reason to leave it.

use std::path::Path;

use selvedge_fuzz::fuzz;

use super::*;

fn plain(text: &str) -> Result<(Request, usize), Leave> {
    read_one(&Bytes::copy_from_slice(text.as_bytes()))
}

fn read_one(input: &Bytes) -> Result<(Request, usize), Leave> {
    let mut request = Request::default();
    read(input, &mut request).map(|length| (request, length))
}

#[test]
fn a_plain_head_is_read_as_it_is() {
    let text = "GET /a?b=1 HTTP/1.1\r\nHost: a.localhost\r\nX-One: 1\r\nX-One:\t2 \r\n\r\n";
    let (request, length) = plain(&format!("\r\n{text}GET /next")).unwrap();
    assert_eq!(length, 2 + text.len());
    assert_eq!((request.method(), request.uri()), (&Method::GET, &Uri::from_static("/a?b=1")));
    let lines: Vec<_> = request.headers().iter().collect();
    let lines = lines.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    let expected = [("host", &b"a.localhost"[..]), ("x-one", b"1"), ("x-one", b"2")];
    assert_eq!(lines.collect::<Vec<_>>(), expected);
}

#[test]
fn nothing_of_a_request_is_left_in_the_room_of_its_fields() {
    let next = Bytes::from_static(b"GET / HTTP/1.1\r\nHost: b.localhost\r\n\r\n");
    for fields in [1, KEPT + 1] {
        let fields = "X-One: 1\r\n".repeat(fields);
        let (mut request, _) = plain(&format!("HEAD /a HTTP/1.1\r\n{fields}\r\n")).unwrap();
        request.extensions_mut().insert("a");
        clear(&mut request);
        assert!(request.headers().capacity() <= KEPT && request.extensions().is_empty());
        read(&next, &mut request).unwrap();
        assert_eq!((request.method(), request.uri()), (&Method::GET, &Uri::from_static("/")));
        let expected =
            HeaderMap::from_iter([(header::HOST, HeaderValue::from_static("b.localhost"))]);
        assert_eq!(request.headers(), &expected);
    }
}

#[test]
fn a_connection_that_stays_may_say_so() {
    for value in ["keep-alive", "Keep-Alive"] {
        assert!(plain(&format!("GET / HTTP/1.1\r\nConnection: {value}\r\n\r\n")).is_ok());
    }
}

#[test]
fn every_reason_to_leave() {
    let field = |line: &str| format!("GET / HTTP/1.1\r\nHost: a.localhost\r\n{line}\r\n\r\n");
    let many = "X: 1\r\n".repeat(FIELDS_MAX);
    for (text, why) in [
        ("GET / HTTP/1.1\r\nHost: a.localhost\r\n".to_owned(), Leave::Unfinished),
        ("\r\n".to_owned(), Leave::Unfinished),
        (field("no field"), Leave::Malformed),
        (field(&many), Leave::Malformed),
        ("GET  / HTTP/1.1\r\n\r\n".to_owned(), Leave::Malformed),
        ("GET http://[ HTTP/1.1\r\n\r\n".to_owned(), Leave::Malformed),
        ("GET / HTTP/1.0\r\n\r\n".to_owned(), Leave::Version),
        (field("Content-Length: 0"), Leave::Body),
        (field("Transfer-Encoding: chunked"), Leave::Body),
        (field("Connection: close"), Leave::Connection),
        (field("Connection: keep-alive, x-own"), Leave::Connection),
        (field("Upgrade: websocket"), Leave::Connection),
        (field("TE: trailers"), Leave::Connection),
        (field("Expect: 100-continue"), Leave::Expectation),
        ("CONNECT a.localhost:80 HTTP/1.1\r\n\r\n".to_owned(), Leave::Tunnel),
    ] {
        assert_eq!(plain(&text).map(|(_, length)| length), Err(why), "{text:?}");
    }
}

#[test]
fn a_request_is_known_by_its_head() {
    let text = Bytes::from_static(b"GET /a HTTP/1.1\r\nHost: a.localhost\r\n\r\n");
    let request = |target: &str| plain(&format!("GET {target} HTTP/1.1\r\n\r\n")).unwrap().0;
    assert!(is_of(&text, &request("/a")));
    assert!(!is_of(&text, &request("/b")));
    assert!(!is_of(&Bytes::new(), &request("/a")));
}

/// A line of the seeds has `|` where lines end.
#[test]
fn heads() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/corpus/heads");
    fuzz(&folder, |bytes| {
        let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'|').collect();
        let input = Bytes::from(lines.join(&b"\r\n"[..]));
        let Ok((request, length)) = read_one(&input) else { return };
        assert!(is_of(&input, &request) && length <= input.len());
        assert!(input[..length].ends_with(b"\n"), "a head ends where its empty line does");
        // Nothing less is a request, and what follows changes none.
        assert_eq!(read_one(&input.slice(..length - 1)).map(|_| ()), Err(Leave::Unfinished));
        let alone = read_one(&input.slice(..length)).map(|(request, _)| request);
        let same =
            |other: &Request| (other.uri(), other.headers()) == (request.uri(), request.headers());
        assert!(alone.is_ok_and(|alone| same(&alone)));
    });
}
