//! What a service sends, and what the cache is to do for it, from what its sender said.

use std::{sync::Arc, time::Duration};

use http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode};
use selvedge::{
    Body, Cache, Request, Response, Result,
    cache::{Collapsing, Hooks, Ttl},
    model::key::SurrogateKey,
};
use selvedge_cache::{decision::PassReason, policy::Override};

use crate::headers::Vouched;

/// The tags that an object is purged by.
const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");

/// How a service sends a request to a backend. Fields of the connection that the request came on have been taken off.
#[derive(Clone)]
pub struct Sending {
    /// What the cache is to do for it.
    pub plan: CachePlan,
    /// When the request was made, by the clock: now.
    pub at_ms: u64,
    /// What its headers have yet to say of the client.
    pub unsaid: Option<Vouched>,
}

/// What the cache is to do for one request.
#[derive(Clone, Debug)]
pub enum CachePlan {
    /// Look up and store.
    Use(Use),
    /// Do neither.
    Pass(PassReason),
}

/// How the cache is used.
#[derive(Clone, Debug)]
pub struct Use {
    /// Whether the request may share another's fetch, and others its.
    pub collapse: bool,
    /// What code says beside that, where it says anything.
    said: Option<Arc<Said>>,
}

/// What code says of one request.
#[derive(Clone, Debug, Default)]
struct Said {
    /// In place of the response.
    over: Override,
    /// Tags for the stored response, beside its own.
    surrogate_keys: Vec<SurrogateKey>,
    /// How long to wait for another's fetch; without one as long as it takes.
    lookup_timeout: Option<Duration>,
    /// What the handler does on the way to the backend and back.
    hooks: Hooks,
}

impl Default for Use {
    fn default() -> Self {
        Self::by_rules(true)
    }
}

impl CachePlan {
    /// What a handler says with a request.
    ///
    /// # Errors
    /// As [`Ttl::surrogate_keys`].
    pub fn of(extensions: &Extensions) -> Result<Self> {
        let hooks = Hooks::of(extensions);
        Ok(Self::Use(match extensions.get() {
            Some(Cache::Pass) => return Ok(Self::Pass(PassReason::Requested)),
            Some(Cache::Override(said)) => Use::of(said, hooks)?,
            _ => Use::hooked(hooks),
        }))
    }
}

/// The same request without its body.
#[must_use]
pub fn without_body(request: &Request) -> Request {
    let mut same = Request::new(Body::empty());
    *same.method_mut() = request.method().clone();
    *same.uri_mut() = request.uri().clone();
    *same.version_mut() = request.version();
    *same.headers_mut() = request.headers().clone();
    same
}

impl Use {
    /// As rules say; what is made of the response they say when it comes.
    #[must_use]
    pub fn by_rules(collapse: bool) -> Self {
        Self { collapse, said: None }
    }

    /// As usual, with a handler's hooks.
    #[must_use]
    pub fn hooked(hooks: Hooks) -> Self {
        let said = (!hooks.are_none()).then(|| Arc::new(Said { hooks, ..Said::default() }));
        Self { said, ..Self::default() }
    }

    fn of(said: &Ttl, hooks: Hooks) -> Result<Self> {
        let over = Override {
            ttl: said.lifetime(),
            stale_while_revalidate: said.stale_while_revalidate(),
            stale_if_error: said.stale_if_error(),
            ..Override::default()
        };
        let surrogate_keys = said.surrogate_keys()?.to_vec();
        let lookup_timeout = said.lookup_timeout();
        let collapse = said.collapsing() == Collapsing::On;
        let said = Some(Arc::new(Said { over, surrogate_keys, lookup_timeout, hooks }));
        Ok(Self { collapse, said })
    }

    /// What is said in place of the response.
    #[must_use]
    pub fn over(&self) -> Override {
        self.said.as_ref().map(|said| said.over).unwrap_or_default()
    }

    /// How long to wait for another's fetch; without one as long as it takes.
    #[must_use]
    pub fn lookup_timeout(&self) -> Option<Duration> {
        self.said.as_ref()?.lookup_timeout
    }

    /// What the handler does on the way to the backend and back.
    #[must_use]
    pub fn hooks(&self) -> Hooks {
        self.said.as_ref().map(|said| said.hooks.clone()).unwrap_or_default()
    }

    /// Adds the tags to a response. A 304 renews headers that have them already, unless it brings
    /// tags of its own, which take the place of the stored ones.
    pub(super) fn tag(&self, response: &mut Response) {
        let renews = response.status() == StatusCode::NOT_MODIFIED;
        let headers = response.headers_mut();
        if renews && !headers.contains_key(SURROGATE_KEY) {
            return;
        }
        let keys = self.said.iter().flat_map(|said| &said.surrogate_keys);
        keys.for_each(|key| append(headers, key));
    }
}

fn append(headers: &mut HeaderMap, key: &SurrogateKey) {
    if let Ok(value) = HeaderValue::from_str(key.as_str()) {
        headers.append(SURROGATE_KEY, value);
    }
}
