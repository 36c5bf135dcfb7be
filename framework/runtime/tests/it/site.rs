//! A service with a scripted origin, and clients that ask it at the same time.
//!
//! Everything runs on the test's own thread, so "until nothing moves any more" is a number of turns: whoever can go on
//! after that is waiting for the clock, for a gate, or for another client.

use std::{sync::Arc, time::Duration};

use futures_util::FutureExt;
use http::{HeaderMap, Method};
use http_body_util::BodyExt;
use selvedge::{Body, Request, Response, Service};
use selvedge_testkit::{Edge, Origin, Reply};
use tokio::task::{JoinHandle, yield_now};

pub(crate) const PROFILES: [&str; 2] = ["rfc", "fastly"];

/// Far more turns than anything in a test takes.
const TURNS: usize = 500;

/// An edge with one service, `site`.
pub(crate) struct Site {
    pub(crate) edge: Arc<Edge>,
    pub(crate) profile: &'static str,
}

/// A client that has asked.
pub(crate) struct Client(JoinHandle<Seen>);

/// What a client was answered.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) broken: bool,
}

/// A client that reads its body piece by piece.
pub(crate) struct Reading {
    pub(crate) head: Seen,
    body: Body,
}

impl Site {
    pub(crate) async fn of(profile: &'static str) -> Self {
        Self::with(profile, "", "").await
    }

    /// With further keys for the service, and tables after it.
    pub(crate) async fn with(profile: &'static str, keys: &str, tables: &str) -> Self {
        Self { edge: Arc::new(builder(profile, keys, tables).start().await), profile }
    }

    /// With so much memory for cached objects, of which the largest takes an eighth.
    pub(crate) async fn small(profile: &'static str, shelf_bytes: u64) -> Self {
        let edge = builder(profile, "", "").shelf_bytes(shelf_bytes).start().await;
        Self { edge: Arc::new(edge), profile }
    }

    /// With a handler.
    pub(crate) async fn run_by(profile: &'static str, handler: Service) -> Self {
        let manifest = manifest(profile, "", "");
        let manifest =
            manifest.replace("type = \"delivery\"", "type = \"compute\"\nhandler = \"site\"");
        let edge = Edge::from_toml(&manifest).service(handler).start().await;
        Self { edge: Arc::new(edge), profile }
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
        let response = answer.now_or_never().expect("the head is still not there").unwrap();
        Reading::of(response)
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

impl Client {
    /// Whether it still waits for its answer's end.
    pub(crate) fn waits(&self) -> bool {
        !self.0.is_finished()
    }

    /// It goes away.
    pub(crate) async fn leave(self) {
        self.0.abort();
        rest().await;
    }

    /// What it was answered, which must be there when nothing moves any more.
    #[track_caller]
    pub(crate) fn seen(self) -> impl Future<Output = Seen> {
        let caller = std::panic::Location::caller();
        async move {
            rest().await;
            assert!(self.0.is_finished(), "the client of {caller} still waits");
            self.0.await.unwrap()
        }
    }
}

impl Seen {
    fn head(response: Response) -> (Self, Body) {
        let (head, body) = response.into_parts();
        let (status, headers) = (head.status.as_u16(), head.headers);
        (Self { status, headers, text: String::new(), broken: false }, body)
    }

    async fn whole(response: Response) -> Self {
        let (mut seen, mut body) = Self::head(response);
        while let Some(frame) = body.frame().await {
            match frame {
                Ok(frame) => seen.take(frame),
                Err(_) => {
                    seen.broken = true;
                    break;
                }
            }
        }
        seen
    }

    fn take(&mut self, frame: http_body::Frame<bytes::Bytes>) {
        if let Ok(data) = frame.into_data() {
            self.text.push_str(&String::from_utf8_lossy(&data));
        }
    }

    /// A header's value; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// What the cache says that it did, without the name and the time to live.
    pub(crate) fn how(&self) -> String {
        let said = self.headers.get_all("cache-status").iter().next_back();
        let said = said.map_or("", |value| value.to_str().unwrap());
        let items = said.split("; ").skip(1).filter(|item| !item.starts_with("ttl="));
        items.collect::<Vec<_>>().join("; ")
    }

    /// How it was answered, and with what.
    pub(crate) fn both(&self) -> (String, &str) {
        (self.how(), &self.text)
    }
}

impl Reading {
    fn of(response: Response) -> Self {
        let (head, body) = Seen::head(response);
        Self { head, body }
    }

    /// What there is to read now; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<String> {
        rest().await;
        let mut seen = String::new();
        loop {
            match self.body.frame().now_or_never() {
                None => return Some(seen),
                Some(None) => return Some(seen).filter(|seen| !seen.is_empty()),
                Some(Some(Ok(frame))) => {
                    seen.push_str(&String::from_utf8_lossy(&frame.into_data().unwrap()));
                }
                Some(Some(Err(_))) => {
                    self.head.broken = true;
                    return Some(seen);
                }
            }
            rest().await;
        }
    }
}

/// Until nothing moves any more.
pub(crate) async fn rest() {
    for _ in 0..TURNS {
        yield_now().await;
    }
}

/// What every client of a crowd was answered.
pub(crate) async fn all(crowd: Vec<Client>) -> Vec<Seen> {
    let mut seen = Vec::new();
    for client in crowd {
        seen.push(client.seen().await);
    }
    seen
}

/// What the cache did for each of a crowd.
pub(crate) async fn hows(crowd: Vec<Client>) -> Vec<String> {
    all(crowd).await.iter().map(Seen::how).collect()
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

fn builder(profile: &str, keys: &str, tables: &str) -> selvedge_testkit::Builder {
    Edge::from_toml(&manifest(profile, keys, tables)).admin_token("t")
}

fn manifest(profile: &str, keys: &str, tables: &str) -> String {
    format!(
        "manifest_version = 1\nname = \"site\"\n[pops.LHR]\n[services.site]\n\
         type = \"delivery\"\ndomains = [\"site.localhost\"]\ncache_profile = \"{profile}\"\n{keys}\n\
         backends.origin = {{ url = \"http://origin.example\" }}\n{tables}\n"
    )
}
