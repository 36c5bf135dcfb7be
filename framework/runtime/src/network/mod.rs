//! Backends over the network: HTTP/1.1 by hyper, HTTPS by rustls with verified certificates.
//!
//! One pool per backend and core; a connection is never shared between backends.

mod counted;
mod fault;
mod moment;
mod patience;
mod progress;
mod resolve;
mod reuse;
mod tls;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use http::{HeaderValue, Uri, header};
use http_body::Body as _;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use selvedge::{Body, Error, Refusal, Request, Response, Result, host::BoxFuture};
use selvedge_model::manifest::{BackendUrl, Scheme};

pub(crate) use self::tls::check_name;
pub use self::tls::{Roots, RootsError};
use self::{
    counted::Counting,
    fault::named,
    patience::{Wait, head_within},
    resolve::Resolver,
};
use crate::{
    interim::Interim,
    upstream::{Errand, Upstream},
    world::{Backend, Goal},
};

/// Shorter than the few seconds after which common servers close an idle connection.
const IDLE: Duration = Duration::from_secs(4);
/// The largest buffer of a connection, in bytes, and so the largest head of a response. Bodies pass
/// through it in pieces.
const READ_BUFFER: usize = 32 * 1024;
/// So many connections to one backend are kept when nobody needs them.
const IDLE_MOST: usize = 32;

/// The connections to one backend.
struct Pool {
    client: Client<Counting<HttpsConnector<HttpConnector<Resolver>>>, Body>,
    /// Whether some world still has the backend.
    life: Weak<()>,
}

/// The network, with a pool of connections for each backend that something was sent to.
pub struct Network {
    roots: Roots,
    pools: Mutex<BTreeMap<usize, Arc<Pool>>>,
}

impl Network {
    /// The network without a connection so far.
    #[must_use]
    pub fn new(roots: Roots) -> Self {
        Self { roots, pools: Mutex::default() }
    }

    /// The backend's pool. A new one takes the place of those whose backends are gone.
    fn pool(&self, backend: &Backend, url: &BackendUrl) -> Result<Arc<Pool>, String> {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.get(&backend.number) {
            return Ok(Arc::clone(pool));
        }
        let pool = Arc::new(pool(backend, url, &self.roots)?);
        pools.retain(|_, pool| pool.life.strong_count() > 0);
        pools.insert(backend.number, Arc::clone(&pool));
        Ok(pool)
    }

    async fn exchange(&self, errand: Errand<'_>) -> Result<Response> {
        let place = place(&errand);
        let Goal::Url(url) = &errand.backend.goal else {
            let detail = format!("{place} leads to no address");
            return Err(Error::new(Refusal::BackendUnknown, detail));
        };
        let pool = &*self
            .pool(errand.backend, url)
            .map_err(|cause| Error::new(Refusal::BackendUnknown, format!("{place}: {cause}")))?;
        let request = address(errand.request, url)?;
        let again = reuse::copy(&request);
        let settings = &errand.backend.settings;
        let interim = &errand.interim;
        let attempt = Attempt { pool, place: &place, limit: settings.first_byte_timeout, interim };
        match (attempt.make(request).await, again) {
            (Err(Failed { dead: true, .. }), Some(again)) => {
                attempt.make(again).await.map_err(|failed| failed.error)
            }
            (outcome, _) => outcome.map_err(|failed| failed.error),
        }
    }
}

impl Upstream for Network {
    fn send<'a>(&'a self, errand: Errand<'a>) -> BoxFuture<'a, Result<Response>> {
        Box::pin(self.exchange(errand))
    }
}

/// One sending of a request.
struct Attempt<'a> {
    pool: &'a Pool,
    place: &'a str,
    /// How long the head of the response may take once the request has been sent.
    limit: Duration,
    interim: &'a Interim,
}

/// An attempt that brought no response.
struct Failed {
    error: Error,
    /// On a connection that had served before, and ended before the first byte of an answer.
    dead: bool,
}

impl Attempt<'_> {
    async fn make(&self, mut request: Request) -> Result<Response, Failed> {
        let connection = reuse::Used::by(&mut request);
        let (mut request, progress) = progress::watch(request);
        self.listen(&mut request);
        let response = self.pool.client.request(request);
        let wait = || match progress.is_awaited() {
            true => Wait::Client,
            false => Wait::Backend(connection.wrote().max(Some(progress.moved()))),
        };
        match head_within(response, connection.clone().made(), wait, self.limit).await {
            Some(Ok(response)) if response.status().is_informational() => {
                let detail = format!("{} switched protocols unasked", self.place);
                let error = Error::new(Refusal::ResponseInvalid, detail);
                Err(Failed { error, dead: false })
            }
            Some(Ok(response)) => {
                connection.serve();
                Ok(response.map(Body::new))
            }
            Some(Err(error)) => {
                let error = named(error, self.place, &progress);
                let terminated = error.refusal() == Refusal::ConnectionTerminated;
                Err(Failed { error, dead: terminated && connection.was_dead() })
            }
            None => Err(Failed { error: self.late(), dead: false }),
        }
    }

    /// Interim responses go to the client that asked.
    fn listen(&self, request: &mut Request) {
        if self.interim.is_heard() {
            let interim = self.interim.clone();
            hyper::ext::on_informational(request, move |early| {
                interim.send(early.status(), early.headers());
            });
        }
    }

    fn late(&self) -> Error {
        let detail =
            format!("{} sent no response within {} ms", self.place, self.limit.as_millis());
        Error::new(Refusal::FirstByteTimeout, detail)
    }
}

fn place(errand: &Errand<'_>) -> String {
    let Errand { service, backend, .. } = errand;
    let target = match &backend.goal {
        Goal::Url(url) => url.authority(),
        Goal::Service(name) => name.as_str().to_owned(),
    };
    format!("backend `{}` ({target}) of service `{}`", backend.settings.name, service.name())
}

/// The request with the backend's address as its URI; its `Host` stays what it is.
fn address(mut request: Request, url: &BackendUrl) -> Result<Request> {
    let scheme = match url.scheme {
        Scheme::Http => "http",
        Scheme::Https => "https",
    };
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let uri = Uri::builder().scheme(scheme).authority(url.authority()).path_and_query(target);
    *request.uri_mut() = uri.build().map_err(|error| {
        Error::new(Refusal::RequestInvalid, "the target cannot be sent").because(error)
    })?;
    frame(&mut request);
    Ok(request)
}

/// The body decides its framing anew. Without a word on it the client library would leave out the
/// body of a GET.
fn frame(request: &mut Request) {
    let chunked = !request.body().is_end_stream() && request.body().size_hint().exact().is_none();
    let declared = request.headers().contains_key(header::CONTENT_LENGTH);
    if chunked && !declared {
        let value = HeaderValue::from_static("chunked");
        request.headers_mut().insert(header::TRANSFER_ENCODING, value);
    }
}

fn pool(backend: &Backend, url: &BackendUrl, roots: &Roots) -> Result<Pool, String> {
    let mut http = HttpConnector::new_with_resolver(Resolver::new());
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(backend.settings.connect_timeout));
    let name = backend.settings.cert_host.as_deref().unwrap_or(&url.host);
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(roots.client_config(url.scheme)?)
        .https_or_http()
        .with_server_name_resolver(tls::resolver(name)?)
        .enable_http1()
        .wrap_connector(http);
    let client = Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(IDLE_MOST)
        .http1_max_buf_size(READ_BUFFER)
        // Folded lines are read as RFC 9112 section 5.2 lets a gateway do.
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .build(Counting { connector, limit: backend.settings.connect_timeout });
    Ok(Pool { client, life: Arc::downgrade(&backend.life) })
}
