//! What was asked, kept for the decisions that are taken when the response has come.

use http::{HeaderMap, Method, Uri, header};
use selvedge::Request;
use selvedge_cache::{key::Key, policy::Override, storable::RequestView};

use crate::{hop::Hop, world::Facts};

/// A request as the cache sees it.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) host: String,
    pub(super) key: Key,
    pub(super) sent_ms: u64,
    pub(super) over: Override,
}

impl Asked {
    pub(super) fn of(hop: &Hop, request: &Request, over: Override) -> Self {
        let host = host(hop, request);
        let (uri, headers) = (request.uri().clone(), request.headers().clone());
        Self {
            method: request.method().clone(),
            key: hop.service.key(&host, &uri, &headers),
            sent_ms: hop.world().clock.now_ms(),
            uri,
            headers,
            host,
            over,
        }
    }

    pub(super) fn view(&self) -> RequestView<'_> {
        RequestView { method: &self.method, headers: &self.headers }
    }

    /// The request as rules see it.
    pub(super) fn facts(&self, hop: &Hop) -> Facts<'_> {
        Facts {
            method: &self.method,
            host: &self.host,
            uri: &self.uri,
            headers: &self.headers,
            client: hop.place.client,
        }
    }
}

/// Objects are known by the host that the service was asked for, or that its handler wrote.
pub(super) fn host(hop: &Hop, request: &Request) -> String {
    let named = request.uri().authority().map(|authority| authority.as_str());
    let field = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    named.or(field).unwrap_or(&hop.host).to_owned()
}
