//! A service with a scripted origin, and clients that ask it at the same time.
//!
//! Everything runs on the test's own thread, so "until nothing moves any more" is a number of turns: whoever can go on
//! after that is waiting for the clock, for a gate, or for another client.

mod client;

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, Method};
use selvedge::{Body, Request, Service};
use selvedge_testkit::{Builder, Edge, Origin, Reply};
use tokio::task::yield_now;

pub(crate) use self::client::{Client, Reading, Seen, all, hows};

pub(crate) const PROFILES: [&str; 2] = ["rfc", "fastly"];

/// Far more turns than anything in a test takes.
const TURNS: usize = 500;

/// An edge with one service, `site`.
pub(crate) struct Site {
    pub(crate) edge: Arc<Edge>,
}

impl Site {
    pub(crate) async fn of(profile: &'static str) -> Self {
        Self::with(profile, "", "").await
    }

    /// With further keys for the service, and tables after it.
    pub(crate) async fn with(profile: &'static str, keys: &str, tables: &str) -> Self {
        Self { edge: Arc::new(builder(profile, keys, tables).start().await) }
    }

    /// With so much memory for cached objects, of which the largest takes an eighth.
    pub(crate) async fn small(profile: &'static str, shelf_bytes: u64) -> Self {
        let edge = builder(profile, "", "").shelf_bytes(shelf_bytes).start().await;
        Self { edge: Arc::new(edge) }
    }

    /// With a handler.
    pub(crate) async fn run_by(profile: &'static str, handler: Service) -> Self {
        let manifest = manifest(profile, "", "");
        let manifest =
            manifest.replace("type = \"delivery\"", "type = \"compute\"\nhandler = \"site\"");
        let edge = Edge::from_toml(&manifest).service(handler).start().await;
        Self { edge: Arc::new(edge) }
    }

    /// The same, whose origin gives these replies one after another.
    pub(crate) fn replying(self, replies: impl IntoIterator<Item = Reply>) -> Self {
        for reply in replies {
            let _ = self.origin().on("/").reply(reply);
        }
        self
    }

    pub(crate) fn origin(&self) -> Origin {
        self.edge.origin("site", "origin")
    }

    /// How many requests the origin has got.
    pub(crate) fn asked(&self) -> usize {
        self.origin().count()
    }

    /// The headers of the last request that reached the origin.
    pub(crate) fn last(&self) -> HeaderMap {
        self.origin().arrived().last().unwrap().headers.clone()
    }

    /// A client begins to ask.
    pub(crate) fn ask(&self, request: Request) -> Client {
        let edge = Arc::clone(&self.edge);
        Client(tokio::spawn(async move { Seen::whole(edge.open(request).await).await }))
    }

    /// Clients ask for `/`, one after another, and none waits for another's answer before it asks.
    pub(crate) async fn crowd(&self, clients: usize) -> Vec<Client> {
        let mut crowd = Vec::new();
        for _ in 0..clients {
            crowd.push(self.ask(get("/", &[])));
            rest().await;
        }
        crowd
    }

    /// Asks for `/` and waits for the answer.
    pub(crate) async fn see(&self) -> Seen {
        self.see_with(&[]).await
    }

    /// The same with these headers.
    pub(crate) async fn see_with(&self, headers: &[(&str, &str)]) -> Seen {
        self.ask(get("/", headers)).seen().await
    }

    /// Asks for `/` and waits for the answer's head.
    pub(crate) async fn read(&self) -> Reading {
        self.read_with(get("/", &[])).await
    }

    pub(crate) async fn read_with(&self, request: Request) -> Reading {
        let edge = Arc::clone(&self.edge);
        let answer = tokio::spawn(async move { edge.open(request).await });
        rest().await;
        assert!(answer.is_finished(), "the head is still not there");
        Reading::of(answer.await.unwrap())
    }

    /// Lets the background work begin; what is held goes on when it can.
    pub(crate) async fn begin_refreshes(&self) {
        let edge = Arc::clone(&self.edge);
        drop(tokio::spawn(async move { edge.settle().await }));
        rest().await;
    }

    /// Moves the clock, and lets the background work begin.
    pub(crate) async fn wait_ms(&self, ms: u64) {
        let edge = Arc::clone(&self.edge);
        drop(tokio::spawn(async move { edge.advance(Duration::from_millis(ms)).await }));
        rest().await;
    }

    pub(crate) async fn wait(&self, seconds: u64) {
        self.wait_ms(seconds * 1000).await;
    }
}

/// Until nothing moves any more.
pub(crate) async fn rest() {
    for _ in 0..TURNS {
        yield_now().await;
    }
}

pub(crate) fn get(path: &str, headers: &[(&str, &str)]) -> Request {
    request(Method::GET, path, headers)
}

pub(crate) fn request(method: Method, path: &str, headers: &[(&str, &str)]) -> Request {
    let mut request = http::Request::builder().method(method);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.uri(format!("http://site.localhost{path}")).body(Body::empty()).unwrap()
}

fn builder(profile: &str, keys: &str, tables: &str) -> Builder {
    Edge::from_toml(&manifest(profile, keys, tables)).admin_token("t")
}

fn manifest(profile: &str, keys: &str, tables: &str) -> String {
    format!(
        "manifest_version = 1\nname = \"site\"\n[pops.LHR]\n[services.site]\n\
         type = \"delivery\"\ndomains = [\"site.localhost\"]\ncache_profile = \"{profile}\"\n{keys}\n\
         backends.origin = {{ url = \"http://origin.example\", between_bytes_timeout_ms = 600000 }}\n{tables}\n"
    )
}
