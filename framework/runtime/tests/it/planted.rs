//! What `cargo xtask test` must find in all that the tests produced, or it searches in the wrong place; and all that is
//! known of secrets, printed, in which it must find none.

use selvedge::{Binding, Refusal, Service, prelude::*};
use selvedge_model::manifest::Manifest;
use selvedge_testkit::{Edge, process::Process, produced};

use crate::process::{MANIFEST, folder, serve};

const COMPUTE: &str = r#"
manifest_version = 1
name = "planted"
[pops.LHR]
[secret_stores.keys]
items = [{ key = "1", data = "secret-seed-planted" }]
[services.site]
type = "compute"
handler = "site"
domains = ["site.localhost"]
links.keys = { secret_store = "keys" }
"#;

#[secret_store("keys")]
struct Keys;

/// Fails with all that a handler can print of a secret.
async fn site(keys: Keys) -> Result<String> {
    let secret = keys.get("1")?;
    let detail = format!("planted-answered {secret:?} {:?}", *keys);
    Err(Error::new(Refusal::ItemUnparsable, detail))
}

#[tokio::test]
async fn what_is_planted_is_printed_and_answered() {
    println!("planted-printed");
    let service = Service::new("site", Router::new().fallback(site), vec![Keys::NEED]);
    let edge = Edge::from_toml(COMPUTE).service(service).dev().start().await;
    let answer = edge.get("http://site.localhost/").await;
    assert!(answer.text().contains("planted-answered Some(Secret(hidden))"), "{}", answer.text());
    let (manifest, _) = Manifest::parse(COMPUTE);
    println!("{:?} {manifest:?} {:?}", edge.account().now(), answer.hops);
    produced::keep_debug(&"planted-debug");
}

#[test]
fn what_is_planted_is_said_logged_and_left() {
    let manifest = MANIFEST.replace("ORIGIN", "127.0.0.1:1");
    let left = "[config_stores.\"planted-said\"]\ncontents = { plain = \"planted-left\" }\n";
    let folder = folder(&format!("{manifest}{left}"));
    let node = Process::start(serve(folder.path(), &["--dev"])).unwrap().unwrap();
    node.get("site.localhost", "/planted-logged", "").unwrap();
}
