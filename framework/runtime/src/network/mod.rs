//! Backends over the network: HTTP/1.1 by hyper, HTTPS by rustls with verified certificates.
//!
//! One pool per backend and core; a connection is never shared between backends.

mod counted;
mod fault;
mod progress;
mod reuse;
mod tls;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use http::{HeaderValue, Uri, header};
use http_body::Body as _;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use selvedge::{Body, Error, Refusal, Request, Response, Result, host::BoxFuture};
use selvedge_model::manifest::{self, BackendUrl, Scheme};

pub use self::tls::{Roots, RootsError};
use self::{counted::Counting, fault::named, progress::Progress};
use crate::{
    interim::Interim,
    upstream::{Errand, Upstream},
    world::{Backend, Goal, World},
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
    client: Client<Counting<HttpsConnector<HttpConnector>>, Body>,
}

/// The network, with a pool of connections for each backend.
pub struct Network {
    pools: BTreeMap<usize, Pool>,
}

impl Network {
    /// Pools for every backend of the world that leads to an address.
    ///
    /// # Errors
    /// Where a backend's name cannot be one in a certificate.
    pub fn new(world: &World, roots: &Roots) -> Result<Self, String> {
        let backends = world.services.values().flat_map(|service| service.backends.values());
        let mut pools = BTreeMap::new();
        for backend in backends {
            if let Goal::Url(url) = &backend.goal {
                pools.insert(backend.number, pool(backend, url, roots)?);
            }
        }
        Ok(Self { pools })
    }

    async fn exchange(&self, errand: Errand<'_>) -> Result<Response> {
        let place = place(&errand);
        let (Some(pool), Goal::Url(url)) =
            (self.pools.get(&errand.backend.number), &errand.backend.goal)
        else {
            let detail = format!("{place} leads to no address");
            return Err(Error::new(Refusal::BackendUnknown, detail));
        };
        let request = address(errand.request, url)?;
        let again = reuse::copy(&request);
        let settings = &errand.backend.settings;
        let interim = &errand.interim;
        let attempt = Attempt { pool, place: &place, limit: limit(settings), interim };
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

/// The longest wait for a response's head.
fn limit(settings: &manifest::Backend) -> Duration {
    settings.connect_timeout.saturating_add(settings.first_byte_timeout)
}

/// One sending of a request.
struct Attempt<'a> {
    pool: &'a Pool,
    place: &'a str,
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
        match head_within(self.pool.client.request(request), &progress, self.limit).await {
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

/// The first byte is late only if the request itself has stopped moving.
async fn head_within<F: Future>(
    response: F,
    progress: &Arc<Progress>,
    limit: Duration,
) -> Option<F::Output> {
    let mut response = std::pin::pin!(response);
    let mut seen = progress.frames();
    loop {
        if let Ok(head) = tokio::time::timeout(limit, response.as_mut()).await {
            return Some(head);
        }
        match progress.frames() {
            now if now != seen => seen = now,
            _ => return None,
        }
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
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(backend.settings.connect_timeout));
    let name = backend.settings.cert_host.as_deref().unwrap_or(&url.host);
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(roots.client_config())
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
        .build(Counting(connector));
    Ok(Pool { client })
}
