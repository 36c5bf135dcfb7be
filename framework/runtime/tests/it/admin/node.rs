//! A node's management API on a socket, and a client that writes what it is told.

use std::{net::SocketAddr, time::Duration};

use selvedge_model::id::StoreId;
use selvedge_testkit::{Edge, produced};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub(super) const TOKEN: &str = "an admin token";

pub(super) const MANIFEST: &str = r#"
manifest_version = 1
name = "admin"
[pops.LHR]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backends.origin = { url = "http://origin.example" }
"#;

/// A node that has just started.
pub(super) struct Node {
    pub(super) edge: Edge,
    address: SocketAddr,
}

/// What a call was answered.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    head: String,
    pub(super) body: Vec<u8>,
}

impl Node {
    pub(super) async fn start() -> Self {
        Self::of(Edge::from_toml(MANIFEST).admin_token(TOKEN).start().await).await
    }

    pub(super) async fn of(edge: Edge) -> Self {
        let address = edge.serve_admin().await.unwrap();
        Self { edge, address }
    }

    /// One that takes so many writes an hour.
    pub(super) async fn within(writes_per_hour: u64) -> Self {
        let edge = Edge::from_toml(MANIFEST).admin_token(TOKEN).start().await;
        let address = edge.serve_admin_within(writes_per_hour).await.unwrap();
        Self { edge, address }
    }

    pub(super) async fn wait(&self, seconds: u64) {
        self.edge.advance(Duration::from_secs(seconds)).await;
    }

    /// Sends a call with the token and its length.
    pub(super) async fn call(&self, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut head = format!("{line} HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("fastly-key")) {
            head.push_str(&format!("Fastly-Key: {TOKEN}\r\n"));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        self.raw(&[head.as_bytes(), body].concat()).await
    }

    /// A call with a JSON body.
    pub(super) async fn json(&self, line: &str, body: &str) -> Reply {
        self.call(line, &[("Content-Type", "application/json")], body.as_bytes()).await
    }

    /// A call with a form.
    pub(super) async fn form(&self, line: &str, body: &str) -> Reply {
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        self.call(line, &form, body.as_bytes()).await
    }

    /// A call with nothing.
    pub(super) async fn plain(&self, line: &str) -> Reply {
        self.call(line, &[], b"").await
    }

    /// Makes a store, and gives its id.
    pub(super) async fn store(&self, kind: &str, name: &str) -> String {
        let (line, body) =
            (format!("POST /resources/stores/{kind}"), format!(r#"{{"name":"{name}"}}"#));
        self.json(&line, &body).await.field("id")
    }

    /// What a secret says, which only the node itself can tell.
    pub(super) fn secret(&self, store: &str, name: &str) -> Option<String> {
        let secret = self.edge.account().secret(&StoreId::parse(store).unwrap(), name)?;
        Some(String::from_utf8(secret.plaintext().to_vec()).unwrap())
    }

    /// Where the management API is.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// A connection to it.
    pub(super) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes as they are, and reads to the end.
    pub(super) async fn raw(&self, request: &[u8]) -> Reply {
        let (mut read, mut write) = self.connect().await.into_split();
        let request = request.to_vec();
        // A node may answer before it has read everything, and then stops reading.
        let sent = tokio::spawn(async move { write.write_all(&request).await.map(|()| write) });
        let mut answer = Vec::new();
        // What has come counts, also where the node closed on what it did not read.
        let _ = read.read_to_end(&mut answer).await;
        sent.abort();
        produced::keep(&answer);
        Reply::parse(&answer)
    }
}

impl Reply {
    fn parse(answer: &[u8]) -> Self {
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head, body: answer[end + 4..].to_vec() }
    }

    /// A header's value; `None` where there is none.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// A text field of the JSON object that was answered.
    #[expect(clippy::panic, reason = "a test whose answer lacks a field has failed")]
    #[track_caller]
    pub(super) fn field(&self, name: &str) -> String {
        let text = self.text();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        json[name].as_str().unwrap_or_else(|| panic!("no `{name}` in {text}")).to_owned()
    }

    /// The status and the body.
    pub(super) fn both(&self) -> (u16, String) {
        (self.status, self.text())
    }
}
