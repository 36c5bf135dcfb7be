//! Clients that send bodies slowly, not to their end, or for nothing; and who read large values slowly.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use selvedge::{Binding, Service, http::BodyExt, prelude::*};
use selvedge_model::limits::KV_VALUE_MAX;
use selvedge_testkit::{Edge, process::Process};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
    time::{Instant, sleep},
};

use crate::process::{folder, serve};

const TOKEN: &str = "an admin token";
const IDLE: Duration = Duration::from_secs(30);

const MANIFEST: &str = r#"
manifest_version = 1
name = "uploads"
[pops.LHR]
[kv_stores.files-store]
[services.site]
type = "compute"
handler = "site"
domains = ["site.localhost"]
links.files = { kv_store = "files-store" }
[services.passed]
type = "delivery"
domains = ["passed.localhost"]
backends.origin = { url = "http://origin.example" }
"#;

#[kv_store("files")]
struct Files;

fn site() -> Service {
    let put = |files: Files, uri: Uri, body: Body| async move {
        match uri.path() {
            "/whole" => body.bytes(1000).await.map(drop),
            path => files.put_body(path, body).await.map(drop),
        }
    };
    Service::new("site", Router::new().fallback(routing::put(put)), vec![Files::NEED])
}

async fn edge() -> Edge {
    Edge::from_toml(MANIFEST).service(site()).admin_token(TOKEN).start().await
}

fn head(line: &str, host: &str, more: &str, length: usize) -> String {
    format!(
        "{line} HTTP/1.1\r\nHost: {host}\r\nFastly-Key: {TOKEN}\r\n{more}Content-Length: {length}\r\n\r\n"
    )
}

/// The id of the one KV store.
async fn store(edge: &Edge) -> String {
    let mut client = edge.admin_wire(1 << 16);
    let list = head("GET /resources/stores/kv", "admin", "Connection: close\r\n", 0);
    client.write_all(list.as_bytes()).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    id_in(&answer)
}

fn id_in(answer: &str) -> String {
    let (_, rest) = answer.split_once("\"id\":\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Sends a head and the beginning of its body, and reads what is answered to the end of the connection.
async fn stalled(mut client: DuplexStream, head: &str) -> (String, Duration) {
    let began = Instant::now();
    client.write_all(format!("{head}0123456789").as_bytes()).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    (answer, began.elapsed())
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_falls_silent_ends() {
    let edge = edge().await;
    let calls = [("/whole", "site"), ("/file", "site"), ("/", "passed")];
    for (path, service) in calls {
        let head = head(&format!("PUT {path}"), &format!("{service}.localhost"), "", 100);
        let wire = edge.wire(1 << 16, selvedge_testkit::Lanes::Open);
        let (answer, took) = stalled(wire, &head).await;
        assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
        assert!(answer.contains("\r\nerror-reason: request stalled\r\n"), "{answer}");
        assert!(took >= IDLE && took < 2 * IDLE, "{took:?}");
    }
}

/// The head of the next answer on a connection.
async fn head_of_answer(client: &mut DuplexStream) -> String {
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(client.read_u8().await.unwrap());
    }
    String::from_utf8(answer).unwrap()
}

/// A handler that answers without a look at the body: what has come of it is taken in, and nobody waits for the rest.
#[tokio::test(start_paused = true)]
async fn an_answer_that_leaves_a_body_unread_says_whether_the_connection_goes_on() {
    let edge = edge().await;
    let post = |length| head("POST /unread", "site.localhost", "", length);
    for lanes in [selvedge_testkit::Lanes::Open, selvedge_testkit::Lanes::Closed] {
        let mut client = edge.wire(1 << 16, lanes);
        let texts = [format!("{}01234", post(5)), post(0), post(5)];
        for (text, goes_on) in texts.iter().zip([true, true, false]) {
            client.write_all(text.as_bytes()).await.unwrap();
            let answer = head_of_answer(&mut client).await;
            assert!(answer.starts_with("HTTP/1.1 405 Method Not Allowed\r\n"), "{answer}");
            assert_eq!(answer.contains("\r\nconnection: close\r\n"), !goes_on, "{answer}");
        }
        client.write_all(b"01234").await.unwrap();
        assert_eq!(client.read(&mut [0]).await.unwrap(), 0);
    }
}

/// Sends a body in pieces of so many bytes, one every so many seconds, until it is answered.
async fn trickled(
    client: DuplexStream,
    head: &str,
    piece: usize,
    every: u64,
) -> (String, Duration) {
    let began = Instant::now();
    let (mut read, mut write) = tokio::io::split(client);
    write.write_all(head.as_bytes()).await.unwrap();
    let sending = async {
        loop {
            if write.write_all(&vec![b'x'; piece]).await.is_err() {
                std::future::pending::<()>().await;
            }
            sleep(Duration::from_secs(every)).await;
        }
    };
    let mut answer = String::new();
    tokio::select! {
        () = sending => {}
        read = read.read_to_string(&mut answer) => drop(read.unwrap()),
    }
    (answer, began.elapsed())
}

#[tokio::test(start_paused = true)]
async fn an_upload_by_the_byte_ends_and_one_that_is_slow_comes_through() {
    let edge = edge().await;
    let id = store(&edge).await;
    let put = format!("PUT /resources/stores/kv/{id}/keys/k");
    for every in [1, 20, 29] {
        let call = head(&put, "admin", "", 10_000);
        let (answer, took) = trickled(edge.admin_wire(1 << 16), &call, 1, every).await;
        assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
        assert!(answer.contains("the body came slower than 1024 bytes a second"), "{answer}");
        assert!(took >= IDLE && took < 2 * IDLE, "{took:?}");
        let call = head("PUT /file", "site.localhost", "", 10_000);
        let wire = edge.wire(1 << 16, selvedge_testkit::Lanes::Open);
        let (answer, took) = trickled(wire, &call, 1, every).await;
        assert!(answer.contains("\r\nerror-reason: request stalled\r\n"), "{answer}");
        assert!(took >= IDLE && took < 2 * IDLE, "{took:?}");
    }
    // Ten minutes at the least rate there is, in pieces as far apart as they may be.
    let close = "Connection: close\r\n";
    let call = head(&put, "admin", close, 20 * 29 * 1024);
    let (answer, took) = trickled(edge.admin_wire(1 << 16), &call, 29 * 1024, 29).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert_eq!(took.as_secs(), 19 * 29);
}

#[tokio::test(start_paused = true)]
async fn a_call_of_the_management_api_that_falls_silent_ends() {
    let edge = edge().await;
    let id = store(&edge).await;
    let json = "Content-Type: application/json\r\n";
    let ndjson = "Content-Type: application/x-ndjson\r\n";
    for (line, more) in [
        (format!("PUT /resources/stores/kv/{id}/keys/k"), ""),
        (format!("PUT /resources/stores/kv/{id}/batch"), ndjson),
        ("POST /resources/stores/kv".to_owned(), json),
        ("POST /resources/stores/config".to_owned(), ""),
        (format!("PATCH /resources/stores/config/{id}/items"), json),
        ("POST /service/site/purge".to_owned(), json),
    ] {
        let head = head(&line, "admin", more, 100);
        let (answer, took) = stalled(edge.admin_wire(1 << 16), &head).await;
        assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{line}: {answer}");
        assert!(answer.contains("nothing more of the body came for 30 s"), "{line}: {answer}");
        assert!(took >= IDLE && took < 2 * IDLE, "{line}: {took:?}");
    }
}

/// As many clients do: everything is sent before anything is read.
fn insistent(address: SocketAddr, head: &str, body: usize) -> String {
    let mut client = TcpStream::connect(address).unwrap();
    client.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    client.write_all(head.as_bytes()).unwrap();
    client.write_all(&vec![b'x'; body]).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    answer
}

/// A node of rules, its management API, and a KV store there.
struct Node {
    node: Process,
    admin: SocketAddr,
    key: String,
    store: String,
    _folder: tempfile::TempDir,
}

fn node(more: &[&str]) -> Node {
    let folder = folder(MANIFEST_OF_RULES);
    let words = [&["--dev"], more].concat();
    let node = Process::start(serve(folder.path(), &words)).unwrap().unwrap();
    let banner = node.banner();
    let admin = banner.lines().find(|line| line.trim_start().starts_with("admin")).unwrap();
    let admin = admin.split_whitespace().nth(1).unwrap();
    let admin = admin.replace("http://", "").replace("/account", "").parse().unwrap();
    let token = std::fs::read_to_string(folder.path().join(".selvedge/admin-token")).unwrap();
    let key = format!("Fastly-Key: {}\r\n", token.trim());
    let body = r#"{"name":"s"}"#;
    let length = body.len();
    let head = format!(
        "POST /resources/stores/kv HTTP/1.1\r\nHost: a\r\n{key}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    let store = id_in(&insistent(admin, &head, 0));
    Node { node, admin, key, store, _folder: folder }
}

#[test]
fn how_long_a_client_may_say_nothing_is_for_the_operator_to_say() {
    let Node { node: _node, admin, key, store, .. } = &node(&["--upload-idle", "1"]);
    let path = format!("/resources/stores/kv/{store}/keys/k");
    let head =
        format!("PUT {path} HTTP/1.1\r\nHost: a\r\n{key}Content-Length: 100\r\n\r\n0123456789");
    let answer = insistent(*admin, &head, 0);
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("nothing more of the body came for 1 s"), "{answer}");
}

/// Each reader of a value that lies in parts costs the node a part or two, and not the value.
#[test]
fn slow_readers_of_a_large_value_hold_little() {
    const READERS: u64 = 40;
    let Node { node, admin, key, store, .. } = &node(&[]);
    let path = format!("/resources/stores/kv/{store}/keys/k");
    let head = format!(
        "PUT {path} HTTP/1.1\r\nHost: a\r\n{key}Connection: close\r\nContent-Length: {KV_VALUE_MAX}\r\n\r\n"
    );
    assert!(insistent(*admin, &head, KV_VALUE_MAX).starts_with("HTTP/1.1 200 "));
    let before = node.resident_bytes().unwrap();
    let get = format!("GET {path} HTTP/1.1\r\nHost: a\r\n{key}Connection: close\r\n\r\n");
    let slow = || {
        let mut client = TcpStream::connect(admin).unwrap();
        client.write_all(get.as_bytes()).unwrap();
        client.read_exact(&mut [0; 1000]).unwrap();
        client
    };
    let mut readers: Vec<TcpStream> = (0..READERS).map(|_| slow()).collect();
    let more = node.resident_bytes().unwrap().saturating_sub(before);
    assert!(more < READERS * 2 * 1024 * 1024, "{more} bytes for {READERS} readers");
    let mut rest = Vec::new();
    readers.pop().unwrap().read_to_end(&mut rest).unwrap();
    assert!(rest.len() > KV_VALUE_MAX - 1000 && rest.ends_with(b"xxx"), "{} bytes", rest.len());
}

#[test]
fn who_sends_everything_first_hears_why_it_was_for_nothing() {
    const LARGE: usize = 30 * 1024 * 1024;
    let Node { node, admin, key, store: id, .. } = &node(&[]);
    let calls = [
        (format!("PUT /resources/stores/kv/{id}/keys/k"), key.as_str(), "413"),
        (format!("PUT /resources/stores/kv/{id}/keys/k"), "Fastly-Key: no\r\n", "401"),
        (format!("PUT /resources/stores/kv/{id}/keys/k?ad=true"), key, "400"),
        ("PUT /resources/stores/kv/none/keys/k".to_owned(), key, "404"),
        ("PUT /no/such/call".to_owned(), key, "404"),
        ("POST /resources/stores/kv".to_owned(), key, "413"),
    ];
    for (line, key, status) in calls {
        let head = format!("{line} HTTP/1.1\r\nHost: a\r\n{key}Content-Length: {LARGE}\r\n\r\n");
        let answer = insistent(*admin, &head, LARGE);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {answer}");
    }
    for (host, status) in [("unknown.localhost", "421"), ("site.localhost", "403")] {
        let head = format!("PUT /no HTTP/1.1\r\nHost: {host}\r\nContent-Length: {LARGE}\r\n\r\n");
        let answer = insistent(node.address(), &head, LARGE);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{host}: {answer}");
    }
}

const MANIFEST_OF_RULES: &str = r#"
manifest_version = 1
name = "refusing"
[pops.LHR]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backends.origin = { url = "http://origin.example" }
[[services.site.rules]]
then.deny = true
"#;
