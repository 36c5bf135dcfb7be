//! Purging a node over its sockets: both of them, and all the ports of one.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use selvedge_testkit::process::Process;

use crate::process::{MANIFEST, folder, origin, serve};

/// A node in dev, which says where its management API is and what its token is.
struct Node {
    node: Process,
    admin: String,
    key: String,
    _folder: tempfile::TempDir,
}

fn node() -> Node {
    let folder = folder(&MANIFEST.replace("ORIGIN", &origin().to_string()));
    let node = Process::start(serve(folder.path(), &["--dev"])).unwrap().unwrap();
    let banner = node.banner();
    let word = |label: &str| {
        let line = banner.lines().find(|line| line.trim_start().starts_with(label)).unwrap();
        line.split_whitespace().nth(1).unwrap().to_owned()
    };
    let admin = word("admin").replace("http://", "").replace("/account", "");
    let key = format!("Fastly-Key: {}\r\n", word("token"));
    Node { admin, key, node, _folder: folder }
}

impl Node {
    fn post(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.admin).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n{}Content-Length: 0\r\n\r\n",
            self.key
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn purge(&self, key: &str) -> String {
        let head = "PURGE / HTTP/1.1\r\nHost: site.localhost\r\nConnection: close\r\n";
        self.node.raw(&format!("{head}{key}\r\n")).unwrap()
    }

    fn is_hit(&self, host: &str) -> bool {
        self.node.get(host, "/", "").unwrap().contains("\r\nx-cache: HIT\r\n")
    }
}

#[test]
fn the_api_purges_what_clients_get_on_the_nodes_port() {
    let node = node();
    let host = format!("site.localhost:{}", node.node.address().port());
    assert!(!node.is_hit(&host) && node.is_hit(&host));
    let answer = node.post("/purge/site.localhost/");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("\r\nselvedge-purged: LHR=1\r\n"), "{answer}");
    assert!(!node.is_hit(&host) && node.is_hit(&host));
    let answer = node.post("/service/site/purge_all");
    assert!(answer.ends_with("\r\n\r\n{\"status\":\"ok\"}"), "{answer}");
    assert!(!node.is_hit(&host));
}

#[test]
fn purge_is_a_method_on_the_wire() {
    let node = node();
    assert!(!node.is_hit("site.localhost") && node.is_hit("site.localhost"));
    let refused = node.purge("");
    assert!(refused.starts_with("HTTP/1.1 403 "), "{refused}");
    assert!(refused.contains("\r\nerror-reason: purge unauthorised\r\n"), "{refused}");
    assert!(node.is_hit("site.localhost"));
    let answer = node.purge(&node.key);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("\r\nselvedge-purged: LHR=1\r\n"), "{answer}");
    assert!(!node.is_hit("site.localhost"));
}
