//! Tokens that are written so that a node might read what its neighbour does not: over a socket, byte for byte.

use std::time::{SystemTime, UNIX_EPOCH};

use selvedge_testkit::process::Process;

use super::{MANIFEST, SECRET, token};
use crate::process::{folder, origin, serve};

fn node(folder: &std::path::Path) -> Process {
    let mut command = serve(folder, &[]);
    command.env("CHAIN_SECRET", SECRET);
    Process::start(command).unwrap().unwrap()
}

/// A good token of this very moment.
fn good() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    token("1", SECRET, u64::try_from(now.as_millis()).unwrap())
}

/// The status lines of all answers on one connection.
fn answers(node: &Process, text: &str) -> Vec<String> {
    let answer = node.raw(text).unwrap();
    let lines = answer.lines().filter(|line| line.starts_with("HTTP/1.1 "));
    lines.map(|line| line["HTTP/1.1 ".len()..][..3].to_owned()).collect()
}

const ASK: &str = "GET / HTTP/1.1\r\nHost: back.localhost\r\nConnection: close\r\n";

#[test]
fn a_token_counts_as_a_field_of_its_own_request_only() {
    let address = origin().to_string();
    let folder = folder(&MANIFEST.replace("origin.example", &address));
    let node = node(folder.path());
    let plain = |line: &str| answers(&node, &format!("{ASK}{line}\r\n"));
    assert_eq!(plain(&format!("Edge-Auth: {}\r\n", good())), ["200"]);
    assert_eq!(plain(&format!("eDGE-aUTH:\t{} \r\n", good())), ["200"]);
    for (line, expected) in [
        (String::new(), "403"),
        (format!("Edge-Auth : {}\r\n", good()), "400"),
        (format!("X-A: b\r\n Edge-Auth: {}\r\n", good()), "400"),
        (format!("X-A: b\rEdge-Auth: {}\r\n", good()), "400"),
        (format!("Edge-Auth:\r\n {}\r\n", good()), "400"),
        (format!("Edge-Auth: {}\0\r\n", good()), "400"),
        (format!("Edge-Auth: {0}\r\nEdge-Auth: {0}\r\n", good()), "403"),
        (format!("Edge-Auth: {0}, {0}\r\n", good()), "403"),
        (format!("Edge_Auth: {}\r\n", good()), "403"),
        (format!("Connection: edge-auth\r\nEdge-Auth: {}\r\n", good()), "403"),
    ] {
        assert_eq!(plain(&line), [expected], "{line:?}");
    }
}

#[test]
fn a_token_in_a_body_or_behind_it_opens_nothing() {
    let address = origin().to_string();
    let folder = folder(&MANIFEST.replace("origin.example", &address));
    let node = node(folder.path());
    let hidden =
        format!("GET /x HTTP/1.1\r\nHost: back.localhost\r\nEdge-Auth: {}\r\n\r\n", good());
    let post = "POST / HTTP/1.1\r\nHost: back.localhost\r\n";
    // A request in a body is no request, whichever length somebody else would believe.
    let length = hidden.len();
    let body = format!("{post}Connection: close\r\nContent-Length: {length}\r\n\r\n{hidden}");
    assert_eq!(answers(&node, &body), ["403"]);
    for framing in [
        format!("Content-Length: 0\r\nContent-Length: {length}\r\n\r\n"),
        "Transfer-Encoding: xchunked\r\n\r\n".to_owned(),
        "Transfer-Encoding: chunked, identity\r\n\r\n".to_owned(),
    ] {
        let found = answers(&node, &format!("{post}{framing}{hidden}"));
        assert_eq!(found, ["400"], "{framing:?}");
    }
    // Both framings: chunks count, and the connection ends, so that what follows is nobody's request.
    let both =
        format!("{post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}");
    let found = answers(&node, &both);
    assert!(found == ["400"] || found == ["403"], "{found:?}");
    let trailer = format!(
        "{post}Connection: close\r\nTransfer-Encoding: chunked\r\nTrailer: Edge-Auth\r\n\r\n3\r\nabc\r\n0\r\n\
         Edge-Auth: {}\r\n\r\n",
        good()
    );
    assert_eq!(answers(&node, &trailer), ["403"]);
}
