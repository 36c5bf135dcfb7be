//! A node whose files may not grow any more: what does not fit is 507 by name, and everything else goes on.

use std::process::{Command, Stdio};

use selvedge_testkit::process::Process;

use super::call;
use crate::process::{MANIFEST, folder, origin, serve};

/// A node of which no file may have more than so many bytes, as where a quota is used up.
fn confined(node: Command, bytes: usize) -> Command {
    let mut shell = Command::new("sh");
    // A shell counts them in blocks of 512 bytes, and would let the node be ended by the signal for it.
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$@\"", bytes / 512);
    shell.args(["-c", &script, "node"]).arg(node.get_program()).args(node.get_args());
    shell.current_dir(node.get_current_dir().unwrap()).stdin(Stdio::null());
    shell
}

fn id(answer: &str) -> String {
    answer.split("\"id\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn what_finds_no_room_on_the_disk_is_507_and_the_rest_goes_on() {
    let folder = folder(&MANIFEST.replace("ORIGIN", &origin().to_string()));
    let node = confined(serve(folder.path(), &["--dev"]), 4 * 1024 * 1024);
    let node = Process::start(node).unwrap().map_err(|ended| ended.output).unwrap();
    let banner = node.banner();
    let store = id(&call(&banner, "POST", "/resources/stores/kv", "name=files"));
    let key = |name: &str| format!("/resources/stores/kv/{store}/keys/{name}");
    let small = call(&banner, "PUT", &key("small"), "kept");
    assert!(small.starts_with("HTTP/1.1 200 "), "{small}");
    let large = call(&banner, "PUT", &key("large"), &"x".repeat(8 * 1024 * 1024));
    assert!(large.starts_with("HTTP/1.1 507 "), "{large}");
    assert!(large.contains("content-type: application/problem+json\r\n"), "{large}");
    assert!(large.contains(r#""title":"Insufficient Storage","status":507,"#), "{large}");
    let kept = call(&banner, "GET", &key("small"), "");
    assert!(kept.ends_with("\r\n\r\nkept"), "{kept}");
    let missing = call(&banner, "GET", &key("large"), "");
    assert!(missing.starts_with("HTTP/1.1 404 "), "{missing}");
    let config = id(&call(&banner, "POST", "/resources/stores/config", "name=settings"));
    let items = (0..500).map(|number| {
        format!(r#"{{"op":"create","item_key":"k{number}","item_value":"{}"}}"#, "v".repeat(8000))
    });
    let batch = format!(r#"{{"items":[{}]}}"#, items.collect::<Vec<_>>().join(","));
    let path = format!("/resources/stores/config/{config}");
    let refused = call(&banner, "PATCH", &format!("{path}/items"), &batch);
    assert!(refused.starts_with("HTTP/1.1 507 "), "{refused}");
    assert!(refused.contains(r#"{"msg":"Insufficient storage","detail":"#), "{refused}");
    let count = call(&banner, "GET", &format!("{path}/info"), "");
    assert!(count.ends_with(r#"{"item_count":0}"#), "{count}");
    let one = call(&banner, "POST", &format!("{path}/item"), "item_key=k&item_value=v");
    assert!(one.starts_with("HTTP/1.1 200 "), "{one}");
    assert!(node.get("site.localhost", "/", "").unwrap().starts_with("HTTP/1.1 200 "));
}
