//! Scripted origins: what a backend answers, what reached it, how it fails.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http_body_util::BodyExt;
use selvedge::{Error, Refusal, Request, Response, Result, host::BoxFuture, http::is_stalled};
use selvedge_runtime::upstream::{Errand, Upstream};

use crate::strict::Strict;

mod arrived;
mod body;
mod fault;
mod gate;
mod reply;
mod script;
mod stage;

pub use self::{
    arrived::Arrived,
    fault::Fault,
    gate::Gate,
    reply::{Reply, fails, ok, status},
};
pub(crate) use self::{arrived::joined, stage::Stage};

use self::script::{Script, Source};

/// The scripted origin behind one backend of one service. A request that it has no reply for fails the test.
#[derive(Clone)]
pub struct Origin(Arc<Inner>);

struct Inner {
    service: String,
    backend: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    script: Script,
    arrived: Vec<Arrived>,
}

impl Origin {
    fn new(service: &str, backend: &str) -> Self {
        let (service, backend) = (service.to_owned(), backend.to_owned());
        Self(Arc::new(Inner { service, backend, state: Mutex::default() }))
    }

    /// Scripts what a target answers: `/users/1` for every method and query, `/users/1?full` for this query,
    /// `PUT /users/1` for this method, or both. Of several that fit, the one that says most answers.
    #[must_use]
    pub fn on(&self, target: &str) -> Target {
        Target { origin: self.clone(), target: Some(target.to_owned()) }
    }

    /// Scripts what everything else answers.
    #[must_use]
    pub fn otherwise(&self) -> Target {
        Target { origin: self.clone(), target: None }
    }

    /// Takes back what it answers.
    pub fn forget(&self) {
        self.state().script.forget();
    }

    /// How many requests reached the origin.
    #[must_use]
    pub fn count(&self) -> usize {
        self.state().arrived.len()
    }

    /// How many requests for this path reached the origin, whatever their method and query.
    #[must_use]
    pub fn count_of(&self, path: &str) -> usize {
        self.state().arrived.iter().filter(|arrived| arrived.path() == path).count()
    }

    /// The requests that reached the origin, in order.
    #[must_use]
    pub fn arrived(&self) -> Vec<Arrived> {
        self.state().arrived.clone()
    }

    /// The last request that reached the origin.
    ///
    /// # Panics
    /// Where none did.
    #[expect(clippy::panic, reason = "a test that looks at what did not arrive has failed")]
    #[must_use]
    #[track_caller]
    pub fn last(&self) -> Arrived {
        match self.state().arrived.last() {
            Some(arrived) => arrived.clone(),
            None => panic!("nothing has reached the origin {}", self.name()),
        }
    }

    /// Fails the test unless so many requests reached the origin, and says which ones did.
    ///
    /// # Panics
    /// Where it were more or fewer.
    #[track_caller]
    pub fn assert_count(&self, count: usize) {
        let arrived: Vec<String> = self.arrived().iter().map(ToString::to_string).collect();
        let name = self.name();
        assert!(
            arrived.len() == count,
            "{} requests reached the origin {name}, not {count}: {}",
            arrived.len(),
            listed(&arrived)
        );
    }

    fn name(&self) -> String {
        format!("`{}` of service `{}`", self.0.backend, self.0.service)
    }

    /// The reply to a request, which is remembered.
    fn take_in(&self, arrived: Arrived, strict: &Strict) -> Reply {
        let source = self.state().script.next(&arrived);
        let reply = match source {
            Some(Source::Fixed(reply)) => reply,
            Some(Source::Made(make)) => make(&arrived),
            None => {
                strict.found(self.unexpected(&arrived, &self.state().script.names()));
                status(404)
            }
        };
        self.state().arrived.push(arrived);
        reply
    }

    fn unexpected(&self, arrived: &Arrived, known: &[&str]) -> String {
        let (service, backend) = (&self.0.service, &self.0.backend);
        format!(
            "`{arrived}` reached the origin {}, which has no reply for it; it has replies for {}\n  hint: \
             `edge.origin(\"{service}\", \"{backend}\").on(\"{}\").reply(..)`",
            self.name(),
            listed(known),
            arrived.path()
        )
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0.state)
    }
}

fn listed(names: &[impl AsRef<str>]) -> String {
    match names {
        [] => "nothing".to_owned(),
        names => {
            let names = names.iter().map(|name| format!("`{}`", name.as_ref()));
            names.collect::<Vec<_>>().join(", ")
        }
    }
}

/// One target of an origin, whose replies are given one after another; the last one stays until another is added.
pub struct Target {
    origin: Origin,
    target: Option<String>,
}

impl Target {
    /// Adds a reply.
    pub fn reply(self, reply: Reply) -> Self {
        self.add(Source::Fixed(reply))
    }

    /// Adds the reply that comes after those before it.
    pub fn then(self, reply: Reply) -> Self {
        self.reply(reply)
    }

    /// Adds a reply that depends on the request.
    pub fn reply_with(self, make: impl Fn(&Arrived) -> Reply + Send + Sync + 'static) -> Self {
        self.add(Source::Made(Arc::new(make)))
    }

    fn add(self, source: Source) -> Self {
        self.origin.state().script.replies(self.target.as_deref()).add(source);
        self
    }
}

/// Every origin of an edge, by service and backend.
pub(crate) struct Origins {
    all: Mutex<BTreeMap<(String, String), Origin>>,
    stage: Stage,
    strict: Arc<Strict>,
}

impl Origins {
    pub(crate) fn new(stage: Stage, strict: &Arc<Strict>) -> Self {
        Self { all: Mutex::default(), stage, strict: Arc::clone(strict) }
    }

    pub(crate) fn at(&self, service: &str, backend: &str) -> Origin {
        let place = (service.to_owned(), backend.to_owned());
        let mut all = lock(&self.all);
        all.entry(place).or_insert_with(|| Origin::new(service, backend)).clone()
    }
}

impl Upstream for Origins {
    fn send<'a>(&'a self, errand: Errand<'a>) -> BoxFuture<'a, Result<Response>> {
        let settings = &errand.backend.settings;
        let origin = self.at(errand.service.name(), settings.name.as_str());
        let limit = settings.first_byte_timeout;
        Box::pin(async move {
            let arrived = arrive(errand.request).await?;
            origin.take_in(arrived, &self.strict).response(&self.stage, limit).await
        })
    }
}

/// A request, read to its end.
async fn arrive(request: Request) -> Result<Arrived> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|error| {
        let refusal = match is_stalled(&error) {
            true => Refusal::RequestStalled,
            false => Refusal::RequestBodyFailed,
        };
        Error::new(refusal, "the request's body").because(error)
    })?;
    let (method, target, headers) = (head.method, head.uri.to_string(), head.headers);
    Ok(Arrived { method, target, headers, body: body.to_bytes() })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
