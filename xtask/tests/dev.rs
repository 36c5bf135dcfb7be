//! `cargo xtask dev` from outside: processes, sockets, signals, and edits of real files.

#![expect(clippy::unwrap_used, reason = "what a helper of a test cannot do fails the test")]

mod session;

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use rustix::process::Signal;

use crate::session::{Session, cargo, get, xtask};

/// Every test picks its own ports, so that they can run at the same time.
const FREE_PORTS: [&str; 4] = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"];

#[test]
fn the_shop_is_served_and_nothing_is_left_behind() {
    let dir = tempfile::tempdir().unwrap();
    let origin = free_port();
    let manifest = shop_manifest(dir.path(), &origin);
    let mut dev = xtask();
    dev.args(["dev", "--ephemeral", "--manifest"]).arg(manifest).args(FREE_PORTS);
    let session = Session::start(&mut dev);
    let edge = session.address();

    let first = get(&edge, "shop.localhost", "/");
    assert!(first.starts_with("HTTP/1.1 200"), "{first}");
    let count = get(&origin, "origin", "/_count");
    let second = get(&edge, "shop.localhost", "/").to_lowercase();
    assert!(second.lines().any(|it| it.starts_with("x-cache:") && it.contains("hit")), "{second}");
    assert_eq!(last_line(&get(&origin, "origin", "/_count")), last_line(&count));

    let banner = session.said();
    for word in ["storefront", "catalog", "users-store", "token"] {
        assert!(banner.contains(word), "`{word}` is not in the banner:\n{banner}");
    }
    let state = line_after(&banner, "  state ");
    assert!(state.exists(), "{}", state.display());
    session.end(Signal::INT);
    assert!(!state.exists(), "{} is left behind", state.display());
}

#[test]
fn a_mistake_keeps_the_last_good_build() {
    let dir = tempfile::tempdir().unwrap();
    let project = dir.path().join("my-edge");
    assert!(xtask().args(["new", "hello"]).arg(&project).status().unwrap().success());
    let mut dev = cargo(&project);
    dev.args(["xtask", "dev"]).args(FREE_PORTS);
    let session = Session::start(&mut dev);
    let edge = session.address();
    let ask = |edge: &str| get(edge, "my-edge.localhost", "/");
    assert!(ask(&edge).ends_with("hello from LHR\n"));

    let source = project.join("src/lib.rs");
    replace(&source, "{} from {}", "{} from {");
    session.wait_for("still serving the last good build");
    assert!(session.said().contains("error: "), "{}", session.said());
    assert!(ask(&edge).ends_with("hello from LHR\n"));

    session.forget();
    replace(&source, "{} from {", "{} out of {}");
    let edge = session.address();
    assert!(ask(&edge).ends_with("hello out of LHR\n"));

    session.forget();
    let manifest = project.join("edge.toml");
    replace(&manifest, "greeting = \"hello\"", "greeting = 1");
    session.wait_for("still serving the last good build");
    assert!(ask(&edge).ends_with("hello out of LHR\n"));

    session.forget();
    replace(&manifest, "greeting = 1", "greeting = \"hi\"");
    let edge = session.address();
    assert!(ask(&edge).ends_with("hi out of LHR\n"));
    session.end(Signal::TERM);
}

#[test]
fn a_port_in_use_is_said_and_ends_dev() {
    let dir = tempfile::tempdir().unwrap();
    let manifest = shop_manifest(dir.path(), &free_port());
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut dev = xtask();
    dev.args(["dev", "--ephemeral", "--admin", "127.0.0.1:0", "--listen", &address]);
    let output = dev.arg("--manifest").arg(manifest).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(said.contains(&address) && said.contains("in use"), "{said}");
}

#[test]
fn a_refused_manifest_ends_dev_before_anything_is_built() {
    let dir = tempfile::tempdir().unwrap();
    let manifest = dir.path().join("edge.toml");
    fs::write(&manifest, "manifest_version = 1\nnamme = \"x\"\n[pops.LHR]\nsize = 1\n").unwrap();
    let output = xtask().args(["dev", "--manifest"]).arg(manifest).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    // All problems at once, each with its place.
    assert!(said.contains("edge.toml:2:1") && said.contains("edge.toml:4:1"), "{said}");
    assert!(!said.contains("Compiling"), "{said}");
}

fn free_port() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// The shop's manifest with its origin on another port.
fn shop_manifest(dir: &Path, origin: &str) -> PathBuf {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/shop/edge.toml");
    let text = fs::read_to_string(shop).unwrap();
    assert!(text.contains("127.0.0.1:9000"));
    let path = dir.join("edge.toml");
    fs::write(&path, text.replace("127.0.0.1:9000", origin)).unwrap();
    path
}

fn replace(path: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(old), "`{old}` is not in {}", path.display());
    fs::write(path, text.replace(old, new)).unwrap();
}

fn last_line(answer: &str) -> &str {
    answer.lines().last().unwrap_or_default()
}

fn line_after(text: &str, before: &str) -> PathBuf {
    let line = text.lines().find_map(|line| line.strip_prefix(before)).unwrap();
    PathBuf::from(line.trim())
}
