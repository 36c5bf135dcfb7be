//! A running edge in a test.

use std::{panic::Location, sync::Arc};

use http::Method;
use selvedge::{Request, Response, model::limits::API_WRITES_PER_HOUR, store::secret::Secret};
use selvedge_cache::purge::PurgeMode;
use selvedge_runtime::{
    account::LiveAccount,
    admin,
    clock::{Clock, ManualClock},
    edge::Arrival,
    entrance::Entrance,
    soon::Soon,
    world::{Pop, World},
};

use crate::{
    Answer, Ask, Builder, Origin,
    ask::{Door, from_loopback},
    backlog::Backlog,
    contents::{ConfigContents, KvContents, SecretContents},
    origin::{Origins, Stage},
    pop::At,
    purging::Purging,
    record::{Record, identified},
    strict::Strict,
};

mod admin_port;
mod time;
mod told;

/// The real runtime, in memory.
///
/// A test has failed where a request reached an origin that has no reply for it, where a handler used a binding that
/// it does not declare, or where work after a response panicked: the answer that brings it about panics, or else the end of the edge does. [`Builder::lenient`]
/// leaves that to the test.
pub struct Edge {
    pub(crate) inner: Arc<Inner>,
}

/// What requests that have begun keep.
pub(crate) struct Inner {
    pub(crate) entrance: Entrance,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) record: Arc<Record>,
    pub(crate) backlog: Arc<Backlog>,
    pub(crate) origins: Arc<Origins>,
    pub(crate) stage: Stage,
    pub(crate) strict: Arc<Strict>,
}

impl Edge {
    /// Describes an edge by the text of its manifest.
    pub fn from_toml(manifest: &str) -> Builder {
        Builder::of_text(manifest)
    }

    /// Describes an edge by its manifest's file, to whose folder the manifest's `file` sources are relative.
    pub fn from_file(path: impl AsRef<std::path::Path>) -> Builder {
        Builder::of_file(path.as_ref())
    }

    /// The scripted origin behind a service's backend.
    ///
    /// # Panics
    /// Where the service is active and has no such backend.
    #[expect(clippy::panic, reason = "a test that scripts an origin that is none has failed")]
    #[must_use]
    #[track_caller]
    pub fn origin(&self, service: &str, backend: &str) -> Origin {
        if let Some(found) = self.world().services.get(service)
            && !found.backends.contains_key(backend)
        {
            let names: Vec<&str> = found.backends.keys().map(String::as_str).collect();
            panic!(
                "service `{service}` has no backend `{backend}`; it has `{}`",
                names.join("`, `")
            );
        }
        self.inner.origins.at(service, backend)
    }

    /// Asks for a URL with GET. The request is sent, and the whole answer read, when it is awaited; more can be said of
    /// it before.
    ///
    /// # Panics
    /// Where the URL is none.
    #[track_caller]
    pub fn get(&self, url: &str) -> Ask<'_> {
        self.request(Method::GET, url)
    }

    /// Asks with any method, said as in a request line: `PUT http://shop.localhost/users/1`.
    ///
    /// # Panics
    /// Where it is not a method and a URL.
    #[track_caller]
    pub fn ask(&self, line: &str) -> Ask<'_> {
        Ask::of_line(self, None, line)
    }

    /// The same with a method of its own.
    ///
    /// # Panics
    /// Where the URL is none.
    #[track_caller]
    pub fn request(&self, method: Method, url: &str) -> Ask<'_> {
        Ask::new(self, Door::Data(None), method, url)
    }

    /// Starts a call of the management API, without a socket. Nothing is added to it: the token of
    /// [`Builder::admin_token`] is sent with `.header("fastly-key", ...)`.
    ///
    /// # Panics
    /// Where the path is none.
    #[track_caller]
    pub fn admin(&self, method: Method, path: &str) -> Ask<'_> {
        Ask::new(self, Door::Admin, method, path)
    }

    /// One of the manifest's POPs, to ask there. Without it requests come in where they [enter](Builder::entry).
    ///
    /// # Panics
    /// Where the manifest has no such POP.
    #[must_use]
    #[track_caller]
    pub fn pop(&self, pop: &str) -> At<'_> {
        At::new(self, pop)
    }

    /// Sends a request as a client on the loopback address would, and reads the whole answer.
    #[track_caller]
    pub fn send(&self, request: Request) -> impl Future<Output = Answer> + Send {
        let at = Location::caller();
        async move {
            let answer = self.inner.answer(None, request, from_loopback()).await;
            self.inner.strict.check(Some(at));
            answer
        }
    }

    /// Sends a request and leaves the answer's body unread.
    pub async fn open(&self, request: Request) -> Response {
        self.inner.entrance.receive(request, from_loopback()).await
    }

    /// The answer where it is there at once, as a hit's is. What would have to be waited for is dropped before it begins.
    #[must_use]
    pub fn at_once(&self, request: Request) -> Option<Response> {
        match self.inner.entrance.edge().answer(request, from_loopback()) {
            Soon::Now(response) => Some(response),
            Soon::Later(_) => None,
        }
    }

    /// Purges what a service has cached, in every POP, as the management API does.
    ///
    /// # Panics
    /// Where no such service is active.
    #[track_caller]
    pub fn purge(&self, service: &str) -> Purging {
        Purging::new(self.world(), service, PurgeMode::Hard)
    }

    /// A KV store by its name in the manifest, to seed it and to look into it; for typed values see [`Edge::bind`].
    ///
    /// # Panics
    /// Where there is no such store.
    #[must_use]
    #[track_caller]
    pub fn kv(&self, store: &str) -> KvContents {
        KvContents::new(self.world(), store)
    }

    /// A config store by its name in the manifest.
    ///
    /// # Panics
    /// Where there is no such store.
    #[must_use]
    #[track_caller]
    pub fn config(&self, store: &str) -> ConfigContents {
        ConfigContents::new(self.account(), store)
    }

    /// A secret store by its name in the manifest.
    ///
    /// # Panics
    /// Where there is no such store.
    #[must_use]
    #[track_caller]
    pub fn secrets(&self, store: &str) -> SecretContents {
        SecretContents::new(self.account(), store)
    }

    /// The clock's time, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.inner.clock.now_ms()
    }

    /// The account, to be changed as the management API changes it; what is served follows it.
    #[must_use]
    pub fn account(&self) -> Arc<LiveAccount> {
        Arc::clone(&self.world().account)
    }

    /// What requests that begin now see.
    #[must_use]
    pub fn world(&self) -> Arc<World> {
        self.inner.entrance.worlds.now()
    }
}

impl Drop for Edge {
    /// The last chance to fail for what no answer has shown.
    fn drop(&mut self) {
        self.inner.strict.check(None);
    }
}

impl Inner {
    /// Answers a request in a POP, or where requests come in.
    pub(crate) async fn answer(
        &self,
        pop: Option<Arc<Pop>>,
        request: Request,
        arrival: Arrival,
    ) -> Answer {
        let before = self.record.count();
        let edge = self.entrance.edge();
        let answering = async {
            match pop {
                Some(pop) => edge.receive_at(pop, request, arrival).await,
                None => edge.receive(request, arrival).await,
            }
        };
        // What goes on while the body is read is no part of how the head came about.
        let (response, id) = identified(answering).await;
        let hops = id.map(|id| self.record.hops(&id, before)).unwrap_or_default();
        Answer { hops, ..Answer::read(response).await }
    }

    /// Calls the management API. Without a token everything is refused.
    pub(crate) async fn call(&self, request: Request) -> Answer {
        Answer::read(admin::answer(self.admin_router(API_WRITES_PER_HOUR), request).await).await
    }

    fn admin_router(&self, writes_per_hour: u64) -> axum::Router {
        let worlds = &self.entrance.worlds;
        let none = || Secret::new(Vec::new());
        let token = worlds.now().admin_token.clone().unwrap_or_else(none);
        admin::router_within(Arc::clone(worlds), token, writes_per_hour)
    }
}
