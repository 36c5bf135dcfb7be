//! A running edge in a test.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use http::Method;
use selvedge::{Binding, Ctx, Request, model::limits::API_WRITES_PER_HOUR, store::secret::Secret};
use selvedge_runtime::{
    account::LiveAccount,
    admin,
    backends::{due, next_ms},
    caller::Caller,
    clock::{Clock, ManualClock},
    edge::Arrival,
    entrance::Entrance,
    hop::{Along, Hop},
    hops::Hops,
    interim::Interim,
    soon::Soon,
    world::World,
};

use crate::{
    Answer, Ask, Builder, Origin, ask::Door, backlog::Backlog, origin::Origins, record::Record,
};

/// The real runtime, in memory.
pub struct Edge {
    pub(crate) inner: Entrance,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) record: Arc<Record>,
    pub(crate) backlog: Arc<Backlog>,
    pub(crate) origins: Arc<Origins>,
}

/// So often everything that can go on may go on before the clock does.
const TURNS: usize = 32;

impl Edge {
    /// Describes an edge by the text of its manifest.
    pub fn from_toml(manifest: &str) -> Builder {
        Builder::new(manifest)
    }

    /// The scripted origin behind a service's backend.
    #[must_use]
    pub fn origin(&self, service: &str, backend: &str) -> Origin {
        self.origins.at(service, backend)
    }

    /// Sends a GET and reads the whole answer.
    ///
    /// # Panics
    /// Where the URL is none.
    pub async fn get(&self, url: &str) -> Answer {
        self.request(Method::GET, url).send().await
    }

    /// Starts a request of any method.
    ///
    /// # Panics
    /// Where the URL is none.
    pub fn request(&self, method: Method, url: &str) -> Ask<'_> {
        Ask::new(self, Door::Data(0), method, url)
    }

    /// Starts a call of the management API, without a socket. Nothing is added to it: the token of
    /// [`Builder::admin_token`] is sent with `.header("fastly-key", ...)`.
    ///
    /// # Panics
    /// Where the path is none.
    pub fn admin(&self, method: Method, path: &str) -> Ask<'_> {
        Ask::new(self, Door::Admin, method, path)
    }

    /// Opens the management API on a port of the loopback address, which the system chooses, and serves it for as long as
    /// the test's reactor runs.
    ///
    /// # Errors
    /// Where there is no port.
    pub async fn serve_admin(&self) -> std::io::Result<SocketAddr> {
        self.serve_admin_within(API_WRITES_PER_HOUR).await
    }

    /// The same for so many writes an hour.
    ///
    /// # Errors
    /// Where there is no port to be had.
    pub async fn serve_admin_within(&self, writes_per_hour: u64) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let router = self.admin_router(writes_per_hour);
        drop(tokio::spawn(async move {
            let (_never, stop) = tokio::sync::watch::channel(false);
            admin::serve(listener, router, stop).await
        }));
        Ok(address)
    }

    /// Calls the management API. Without a token everything is refused.
    pub(crate) async fn call(&self, request: Request) -> Answer {
        Answer::read(
            admin::answer(self.admin_router(API_WRITES_PER_HOUR), request).await,
            Vec::new(),
        )
        .await
    }

    fn admin_router(&self, writes_per_hour: u64) -> Router {
        let worlds = &self.inner.worlds;
        let none = || Secret::new(Vec::new());
        let token = worlds.now().admin_token.clone().unwrap_or_else(none);
        admin::router_within(Arc::clone(worlds), token, writes_per_hour)
    }

    /// Sends a request as a client on the loopback address would, and reads the whole answer.
    pub async fn send(&self, request: Request) -> Answer {
        self.send_at(0, request).await
    }

    /// The same in one of the POPs; the first is the one where requests enter.
    pub(crate) async fn send_at(&self, pop: usize, request: Request) -> Answer {
        let before = self.record.count();
        let edge = self.inner.edge();
        let pop = Arc::clone(&edge.world.pops[pop]);
        let response = edge.receive_at(pop, request, from_loopback()).await;
        Answer::read(response, self.record.since(before)).await
    }

    /// Sends a request and leaves the answer's body unread.
    pub async fn open(&self, request: Request) -> selvedge::Response {
        self.inner.receive(request, from_loopback()).await
    }

    /// The answer where it is there at once, as a hit's is. What would have to be waited for is dropped before it begins.
    #[must_use]
    pub fn at_once(&self, request: Request) -> Option<selvedge::Response> {
        match self.inner.edge().answer(request, from_loopback()) {
            Soon::Now(response) => Some(response),
            Soon::Later(_) => None,
        }
    }

    /// Moves the clock, stopping where a health probe is due, then runs the background work that is due.
    pub async fn advance(&self, by: Duration) {
        let by_ms = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        let until_ms = self.now_ms().saturating_add(by_ms);
        while let Some(at_ms) = next_ms(&self.world()).filter(|at_ms| *at_ms <= until_ms) {
            self.move_to(at_ms).await;
        }
        self.move_to(until_ms).await;
        self.settle().await;
    }

    /// What is under way at a time is done before the clock goes on, as far as it waits for nothing.
    async fn move_to(&self, at_ms: u64) {
        self.clock.advance(Duration::from_millis(at_ms.saturating_sub(self.now_ms())));
        due(&self.inner.edge()).into_iter().for_each(|probe| drop(tokio::spawn(probe)));
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
        }
    }

    /// Runs the background work that earlier requests left.
    pub async fn settle(&self) {
        self.backlog.drain().await;
    }

    /// The clock's time, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    /// What handlers wrote to their services' logs: service and line.
    #[must_use]
    pub fn logs(&self) -> Vec<(String, String)> {
        self.record.logs()
    }

    /// The account, to be changed as the management API changes it; what is served follows it.
    #[must_use]
    pub fn account(&self) -> Arc<LiveAccount> {
        Arc::clone(&self.inner.worlds.now().account)
    }

    /// What requests that begin now see.
    #[must_use]
    pub fn world(&self) -> Arc<World> {
        self.inner.worlds.now()
    }

    /// A binding as a handler of `service` gets it, for calling the handler directly.
    ///
    /// # Panics
    /// Where the manifest has no such service.
    #[expect(clippy::panic, reason = "a test that names no service has failed")]
    #[must_use]
    pub fn bind<B: Binding>(&self, service: &str) -> B {
        let edge = self.inner.edge();
        let world = Arc::clone(&edge.world);
        let (Some(found), Some(pop)) = (world.services.get(service), world.entry_pop()) else {
            panic!("the manifest has no service `{service}`");
        };
        let host = found.settings.domains.first().map_or("", |domain| domain.as_str());
        let (id, caller) = (world.ids.next(), Caller::Anybody);
        let along = Along { id, client: None, caller, debug: false, interim: Interim::default() };
        let hops = Hops::default().enter(&found.settings.name, &pop.name);
        let (pop, found) = (Arc::clone(pop), Arc::clone(found));
        let hop = Hop::new(edge, pop, found, hops, along, host.into());
        match Ctx::new(hop.into_shared(), Arc::from([B::NEED])).bind() {
            Ok(binding) => binding,
            Err(error) => panic!("{error}"),
        }
    }
}

fn from_loopback() -> Arrival {
    Arrival::from(Some([127, 0, 0, 1].into()), "http")
}
