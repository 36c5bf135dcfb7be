//! Scripted origins: what a backend answers, what reached it, how it fails.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::BodyExt;
use selvedge::{Error, Refusal, Response, Result, host::BoxFuture};
use selvedge_runtime::upstream::{Errand, Upstream};

mod gate;
mod reply;

pub use self::{
    gate::Gate,
    reply::{Fault, Reply, ok, status},
};

/// A request as it reached an origin.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Arrived {
    /// Its method.
    pub method: Method,
    /// Its path and query.
    pub target: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

/// A scripted origin. Without a script for a path it answers 404.
#[derive(Clone, Default)]
pub struct Origin(Arc<Mutex<Script>>);

#[derive(Default)]
struct Script {
    replies: BTreeMap<String, VecDeque<Reply>>,
    arrived: Vec<Arrived>,
}

impl Origin {
    /// Scripts what a path (without its query) answers.
    #[must_use]
    pub fn on(&self, path: &str) -> Path {
        Path { origin: self.clone(), path: path.to_owned() }
    }

    /// Takes back what its paths answer.
    pub fn forget(&self) {
        lock(&self.0).replies.clear();
    }

    /// How many requests reached the origin.
    #[must_use]
    pub fn count(&self) -> usize {
        lock(&self.0).arrived.len()
    }

    /// The requests that reached the origin, in order.
    #[must_use]
    pub fn arrived(&self) -> Vec<Arrived> {
        lock(&self.0).arrived.clone()
    }

    async fn answer(&self, errand: Errand<'_>) -> Result<Response> {
        let (head, body) = errand.request.into_parts();
        let path = head.uri.path().to_owned();
        let body = body.collect().await.map_err(|error| {
            Error::new(Refusal::RequestBodyFailed, "the request's body").because(error)
        })?;
        let arrived = Arrived {
            method: head.method,
            target: head.uri.to_string(),
            headers: head.headers,
            body: body.to_bytes(),
        };
        self.take_in(arrived, &path).response().await
    }

    /// The last reply of a path stays; the ones before it are given once.
    fn take_in(&self, arrived: Arrived, path: &str) -> Reply {
        let mut script = lock(&self.0);
        script.arrived.push(arrived);
        let Some(replies) = script.replies.get_mut(path) else { return status(404) };
        match replies.len() {
            0 => status(404),
            1 => replies.front().cloned().unwrap_or_else(|| status(404)),
            _ => replies.pop_front().unwrap_or_else(|| status(404)),
        }
    }
}

/// One path of an origin.
pub struct Path {
    origin: Origin,
    path: String,
}

impl Path {
    /// Adds a reply. Several are given one after another; the last one stays.
    pub fn reply(self, reply: Reply) -> Self {
        lock(&self.origin.0).replies.entry(self.path.clone()).or_default().push_back(reply);
        self
    }
}

/// Every origin of an edge, by service and backend.
#[derive(Default)]
pub(crate) struct Origins(Mutex<BTreeMap<(String, String), Origin>>);

impl Origins {
    pub(crate) fn at(&self, service: &str, backend: &str) -> Origin {
        let place = (service.to_owned(), backend.to_owned());
        lock(&self.0).entry(place).or_default().clone()
    }
}

impl Upstream for Origins {
    fn send<'a>(&'a self, errand: Errand<'a>) -> BoxFuture<'a, Result<Response>> {
        let origin = self.at(errand.service.name(), errand.backend.settings.name.as_str());
        Box::pin(async move { origin.answer(errand).await })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
