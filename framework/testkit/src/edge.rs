//! A running edge in a test.

use std::{sync::Arc, time::Duration};

use http::Method;
use selvedge::{Binding, Ctx, Request, store::secret::Secret};
use selvedge_runtime::{
    admin,
    caller::Caller,
    clock::{Clock, ManualClock},
    edge::{self, Arrival},
    hop::{Along, Hop},
    hops::Hops,
};

use crate::{
    Answer, Ask, Builder, Origin, ask::Door, backlog::Backlog, origin::Origins, record::Record,
};

/// The real runtime, in memory.
pub struct Edge {
    pub(crate) inner: edge::Edge,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) record: Arc<Record>,
    pub(crate) backlog: Arc<Backlog>,
    pub(crate) origins: Arc<Origins>,
}

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

    /// Calls the management API. Without a token everything is refused.
    pub(crate) async fn call(&self, request: Request) -> Answer {
        let world = &self.inner.world;
        let none = || Secret::new(Vec::new());
        let token = world.admin_token.clone().unwrap_or_else(none);
        let router = admin::router(Arc::clone(world), token);
        Answer::read(admin::answer(router, request).await, Vec::new()).await
    }

    /// Sends a request as a client on the loopback address would, and reads the whole answer.
    pub async fn send(&self, request: Request) -> Answer {
        self.send_at(0, request).await
    }

    /// The same in one of the POPs; the first is the one where requests enter.
    pub(crate) async fn send_at(&self, pop: usize, request: Request) -> Answer {
        let before = self.record.count();
        let pop = Arc::clone(&self.inner.world.pops[pop]);
        let response = self.inner.receive_at(pop, request, from_loopback()).await;
        Answer::read(response, self.record.since(before)).await
    }

    /// Sends a request and leaves the answer's body unread.
    pub async fn open(&self, request: Request) -> selvedge::Response {
        self.inner.receive(request, from_loopback()).await
    }

    /// Moves the clock, then runs the background work that is due.
    pub async fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.settle().await;
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

    /// A binding as a handler of `service` gets it, for calling the handler directly.
    ///
    /// # Panics
    /// Where the manifest has no such service.
    #[expect(clippy::panic, reason = "a test that names no service has failed")]
    #[must_use]
    pub fn bind<B: Binding>(&self, service: &str) -> B {
        let world = &self.inner.world;
        let (Some(found), Some(pop)) = (world.services.get(service), world.entry_pop()) else {
            panic!("the manifest has no service `{service}`");
        };
        let host = found.settings.domains.first().map_or("", |domain| domain.as_str());
        let (id, caller) = (world.ids.next(), Caller::Anybody);
        let along = Along { id, client: None, caller, debug: false };
        let hops = Hops::default().enter(&found.settings.name, &pop.name);
        let (pop, found) = (Arc::clone(pop), Arc::clone(found));
        let hop = Hop::new(self.inner.clone(), pop, found, hops, along, host.into());
        match Ctx::new(hop.into_shared(), Arc::from([B::NEED])).bind() {
            Ok(binding) => binding,
            Err(error) => panic!("{error}"),
        }
    }
}

fn from_loopback() -> Arrival {
    Arrival::from(Some([127, 0, 0, 1].into()), "http")
}
