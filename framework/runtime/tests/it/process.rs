//! The stock binary as a process: sockets, the command line, what it says when it cannot start.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Command, Output},
};

use selvedge_testkit::{process::Process, produced};
use tempfile::TempDir;

pub(crate) const MANIFEST: &str = r#"
manifest_version = 1
name = "process"
[pops.LHR]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backends.origin = { url = "http://ORIGIN" }
[services.self]
type = "delivery"
domains = ["self.localhost"]
backends.again = { service = "self" }
"#;

/// An origin that answers every request with a minute of freshness, one connection at a time.
pub(crate) fn origin() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut head = [0; 4096];
            let _ = stream.read(&mut head);
            let _ = stream.write_all(
                b"HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 5\r\n\
                  Connection: close\r\n\r\nhello",
            );
        }
    });
    address
}

pub(crate) fn folder(manifest: &str) -> TempDir {
    let folder = produced::folder().unwrap();
    std::fs::write(folder.path().join("edge.toml"), manifest).unwrap();
    folder
}

pub(crate) fn selvedge(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selvedge"));
    command.current_dir(folder).args(words);
    command
}

pub(crate) fn serve(folder: &Path, more: &[&str]) -> Command {
    let mut command = selvedge(
        folder,
        &["serve", "--config", "edge.toml", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"],
    );
    command.args(more);
    command
}

pub(crate) fn run(mut command: Command) -> (bool, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = [stdout, stderr].concat();
    (status.success(), String::from_utf8(text).unwrap())
}

#[test]
fn a_hit_says_so_on_the_wire() {
    let folder = folder(&MANIFEST.replace("ORIGIN", &origin().to_string()));
    let node = Process::start(serve(folder.path(), &[])).unwrap().unwrap();
    let first = node.get("site.localhost", "/", "").unwrap();
    assert!(first.starts_with("HTTP/1.1 200 OK\r\n"), "{first}");
    assert!(first.contains("x-cache: MISS") && first.ends_with("hello"), "{first}");
    let second = node.get("site.localhost", "/", "").unwrap();
    assert!(second.contains("x-cache: HIT"), "{second}");
    assert!(second.contains("cache-status: \"LHR/site\"; hit; ttl="), "{second}");
}

#[test]
fn a_loop_closes_the_connection_with_its_reason_phrase() {
    let folder = folder(&MANIFEST.replace("ORIGIN", "origin.example"));
    let node = Process::start(serve(folder.path(), &[])).unwrap().unwrap();
    // Without `Connection: close` from the client: the node itself ends the connection.
    let answer = node.raw("GET / HTTP/1.1\r\nHost: self.localhost\r\n\r\n").unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 Loop detected\r\n"), "{answer}");
    for line in ["connection: close", "content-type: text/plain", "error-reason: loop detected"] {
        assert!(answer.contains(&format!("\r\n{line}\r\n")), "{answer}");
    }
}

#[test]
fn malformed_http_is_answered_400_and_others_are_served_on() {
    let folder = folder(&MANIFEST.replace("ORIGIN", &origin().to_string()));
    let node = Process::start(serve(folder.path(), &[])).unwrap().unwrap();
    for garbage in [
        "GARBAGE\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: site.localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: site.localhost\r\nContent-Length: x\r\n\r\n",
        "GET / HTTP/1.1\r\nbad header\r\n\r\n",
    ] {
        let answer = node.raw(garbage).unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{garbage:?}: {answer:?}");
    }
    assert!(node.get("site.localhost", "/", "").unwrap().starts_with("HTTP/1.1 200 "));
}

#[test]
fn a_port_in_use_is_never_shared() {
    let folder = folder(&MANIFEST.replace("ORIGIN", "origin.example"));
    let node = Process::start(serve(folder.path(), &[])).unwrap().unwrap();
    let address = node.address().to_string();
    let words = ["--listen", &address, "--state-dir", "other"];
    let ended = Process::start(serve(folder.path(), &words)).unwrap().map(drop).unwrap_err();
    assert_ne!(ended.code, Some(0));
    let expected = format!("{address} is in use by another program");
    assert!(ended.output.contains(&expected), "{}", ended.output);
}

#[test]
fn a_state_dir_belongs_to_one_node() {
    let folder = folder(&MANIFEST.replace("ORIGIN", "origin.example"));
    let node = Process::start(serve(folder.path(), &[])).unwrap().unwrap();
    let ended = Process::start(serve(folder.path(), &[])).unwrap().map(drop).unwrap_err();
    assert_ne!(ended.code, Some(0));
    assert!(ended.output.contains("in use by another node"), "{}", ended.output);
    drop(node);
    assert!(Process::start(serve(folder.path(), &[])).unwrap().is_ok());
}

#[test]
fn several_pops_need_a_choice() {
    let manifest = MANIFEST.replace("[pops.LHR]", "[pops.LHR]\n[pops.IAD]");
    let folder = folder(&manifest.replace("ORIGIN", "origin.example"));
    for (words, expected) in [
        (&[][..], "`--pop` takes one of IAD, LHR"),
        (&["--pop", "LHX"], "no POP `LHX`; did you mean `LHR`?"),
    ] {
        let (ok, text) = run(serve(folder.path(), words));
        assert!(!ok && text.contains(expected), "{text}");
    }
    assert!(Process::start(serve(folder.path(), &["--pop", "IAD"])).unwrap().is_ok());
}

#[test]
fn check_lists_every_problem_and_denies_warnings_when_told() {
    let good = folder(&MANIFEST.replace("ORIGIN", "origin.example"));
    let (ok, text) = run(selvedge(good.path(), &["check", "--config", "edge.toml"]));
    assert!(ok && text.contains("2 services, no errors"), "{text}");
    let (ok, text) = run(selvedge(good.path(), &["check", "--deny-warnings"]));
    assert!(!ok && text.contains("warning: services call each other in a cycle"), "{text}");

    let broken = MANIFEST.replace("ORIGIN", "origin.example").replace("domains", "domain");
    let bad = folder(&broken.replace("service = \"self\"", "service = \"slef\""));
    let (ok, text) = run(selvedge(bad.path(), &["check"]));
    assert!(!ok, "{text}");
    assert_eq!(text.matches("it is called `domains` here").count(), 2, "{text}");
    assert!(text.contains("did you mean `self`?"), "{text}");
    let (ok, served) = run(serve(bad.path(), &[]));
    assert!(!ok && served.contains("did you mean `self`?"), "{served}");

    let (ok, text) = run(selvedge(bad.path(), &["check", "--config", "none.toml"]));
    assert!(!ok && text.contains("`none.toml` cannot be read"), "{text}");
}

/// Where it is checked is not always where it is served.
#[test]
fn check_notes_sources_that_cannot_be_read_where_it_runs() {
    let declared = "[kv_stores.items]\nitems = [{ key = \"seed\", env = \"UNSET_SEED\" }]\n\
                    [secret_stores.keys]\nitems = [{ key = \"door\", env = \"UNSET_SECRET\" }]\n";
    let folder = folder(&format!("{}{declared}", MANIFEST.replace("ORIGIN", "127.0.0.1:1")));
    let (ok, text) = run(selvedge(folder.path(), &["check"]));
    assert!(ok, "{text}");
    for variable in ["`UNSET_SEED` is not set", "`UNSET_SECRET` is not set"] {
        let note = text.lines().find(|line| line.starts_with("note: ") && line.contains(variable));
        assert!(note.is_some(), "{text}");
    }
    let mut command = selvedge(folder.path(), &["check"]);
    command.env("UNSET_SEED", "v").env("UNSET_SECRET", "secret-seed of a check");
    let (ok, text) = run(command);
    assert!(ok && !text.contains("note: ") && !text.contains("secret-seed"), "{text}");
}

#[test]
fn a_command_that_is_asked_for_help_gives_it_and_does_nothing_else() {
    let folder = TempDir::new().unwrap();
    for words in [["serve", "--help"], ["serve", "-h"], ["check", "--help"], ["check", "-h"]] {
        let (ok, text) = run(selvedge(folder.path(), &words));
        assert!(ok && text.starts_with("usage: serve "), "{words:?}: {text}");
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

#[test]
fn the_stock_binary_refuses_compute_services() {
    let manifest = "manifest_version = 1\nname = \"c\"\n[pops.LHR]\n[services.shop]\n\
                    type = \"compute\"\nhandler = \"shop\"\ndomains = [\"shop.localhost\"]\n";
    let folder = folder(manifest);
    let (ok, text) = run(serve(folder.path(), &[]));
    assert!(!ok && text.contains("wants the handler `shop`"), "{text}");
    let (ok, text) = run(selvedge(folder.path(), &["check"]));
    assert!(ok && text.contains("is checked by the program that contains it"), "{text}");
}

#[test]
fn the_management_api_needs_its_token() {
    let folder = folder(&MANIFEST.replace("ORIGIN", "origin.example"));
    let node = Process::start(serve(folder.path(), &["--dev"])).unwrap().unwrap();
    let banner = node.banner();
    let word = |label: &str| {
        let line = banner.lines().find(|line| line.trim_start().starts_with(label)).unwrap();
        line.split_whitespace().nth(1).unwrap().to_owned()
    };
    let admin = word("admin").replace("http://", "").replace("/account", "");
    let ask = |key: &str| {
        let mut stream = std::net::TcpStream::connect(&admin).unwrap();
        let head =
            format!("GET /account HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n{key}\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    for key in ["", "Fastly-Key: \r\n", "Fastly-Key: wrong\r\n"] {
        assert!(ask(key).starts_with("HTTP/1.1 401 "), "{key:?}");
    }
    // Where docs/cache.md says that it is, without `--dev` and its banner.
    let token = std::fs::read_to_string(folder.path().join(".selvedge/admin-token")).unwrap();
    assert_eq!(token, word("token"));
    let twice = format!("Fastly-Key: {token}\r\nFastly-Key: {token}\r\n");
    assert!(ask(&twice).starts_with("HTTP/1.1 401 "));
    let account = ask(&format!("Fastly-Key: {token}\r\n"));
    assert!(account.starts_with("HTTP/1.1 200 "), "{account}");
    assert!(account.contains(r#""domains":["site.localhost"]"#), "{account}");
}

#[test]
fn a_node_that_is_told_to_end_drains_and_says_nothing() {
    let folder = folder(&MANIFEST.replace("ORIGIN", "origin.example"));
    let mut node = Process::start(serve(folder.path(), &[])).unwrap().unwrap();
    let status = Command::new("kill").arg(node.id().to_string()).status().unwrap();
    assert!(status.success());
    assert_eq!(node.wait().unwrap(), (Some(0), String::new()));
}

#[test]
fn a_connection_that_was_answered_from_the_shelf_does_not_hold_up_the_end() {
    let folder = folder(&MANIFEST.replace("ORIGIN", &origin().to_string()));
    let mut node = Process::start(serve(folder.path(), &[])).unwrap().unwrap();
    let mut client = node.connect().unwrap();
    for cache in ["MISS", "HIT", "HIT"] {
        client.write_all(b"GET / HTTP/1.1\r\nHost: site.localhost\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"hello") {
            let mut byte = [0];
            client.read_exact(&mut byte).unwrap();
            answer.extend(byte);
        }
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.contains(&format!("\r\nx-cache: {cache}\r\n")), "{answer}");
    }
    let status = Command::new("kill").arg(node.id().to_string()).status().unwrap();
    assert!(status.success());
    assert_eq!(client.read(&mut [0]).unwrap(), 0, "the connection has ended");
    assert_eq!(node.wait().unwrap(), (Some(0), String::new()));
}
