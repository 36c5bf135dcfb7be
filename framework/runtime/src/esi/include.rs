//! One include: where its fragment is asked for, and with which request.

use std::{fmt, sync::Arc};

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode, header,
    uri::{Authority, PathAndQuery},
};
use selvedge::{Body, Host as _, Request};
use selvedge_cache::validate::strip_for_storing;
use selvedge_esi::{BadAddress, Include, OnError, resolve};

use super::{Page, nest::Refused, unfit::is_encoded};
use crate::{
    enter::{Entering, enter_next},
    hop::{Along, Hop},
    interim::Interim,
    world::Service,
};

/// Rides with a request that a service sends to itself for one of its own pages, whose request has been let in already.
#[derive(Clone, Copy, Debug)]
pub struct OwnFragment(());

/// What a page's request says of its own content, and what is asked for with it.
static OF_PAGE: [HeaderName; 7] = [
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LENGTH,
    header::CONTENT_LOCATION,
    header::CONTENT_TYPE,
    header::EXPECT,
    header::TRAILER,
];

/// Leaves of a client's headers what a fragment is asked for with: it is a GET for the whole, as text.
pub(super) fn strip(headers: &mut HeaderMap) {
    strip_for_storing(headers);
    for name in &OF_PAGE {
        headers.remove(name);
    }
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
}

/// The page cannot be completed.
#[derive(Debug)]
pub(super) struct Missing;

/// Asks for a fragment at one place after the other; nothing where there is none and the page goes on without it.
pub(super) async fn fetch(
    hop: Arc<Hop>,
    page: Arc<Page>,
    include: Include,
) -> Result<Body, Missing> {
    let Include { src, alt, onerror } = include;
    for place in [Some(src), alt].into_iter().flatten() {
        match ask(&hop, &page, &place).await {
            Ok(body) => return Ok(body),
            Err(failed) => hop.log(&format!("esi: {}: `{place}`: {failed}", page.target)),
        }
    }
    match onerror {
        OnError::Continue => Ok(Body::empty()),
        OnError::Fail => Err(Missing),
    }
}

/// Why there is no fragment at a place.
enum Failed {
    Address(BadAddress),
    /// It cannot be written as a request.
    Unsendable,
    Refused(Refused),
    Status(StatusCode, Option<HeaderValue>),
    /// It is compressed although nobody asked for that.
    Encoded,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(bad) => f.write_str(bad.as_str()),
            Self::Unsendable => f.write_str("it cannot be sent"),
            Self::Refused(refused) => f.write_str(refused.as_str()),
            Self::Status(status, None) => write!(f, "the answer was {}", status.as_u16()),
            Self::Status(status, Some(reason)) => {
                let reason = String::from_utf8_lossy(reason.as_bytes());
                write!(f, "the answer was {} ({reason})", status.as_u16())
            }
            Self::Encoded => f.write_str("the answer has a `Content-Encoding`"),
        }
    }
}

async fn ask(hop: &Hop, page: &Page, place: &str) -> Result<Body, Failed> {
    let address = resolve(place, &page.target).map_err(Failed::Address)?;
    let host: Arc<str> = address.host.map_or_else(|| Arc::clone(&hop.host), Into::into);
    let service = owner(hop, &host);
    page.nest.take(&service.id, &host, &address.target).map_err(Failed::Refused)?;
    let mut request = request(page, &host, &address.target)?;
    if service.id == hop.service.id {
        request.extensions_mut().insert(OwnFragment(()));
    }
    let entering = Entering {
        edge: hop.edge.clone(),
        pop: Arc::clone(&hop.pop),
        service: Arc::clone(service),
        hops: hop.descent(None).nested(page.nest.clone()),
        host,
        // What is said ahead of a fragment is not said of the page.
        along: Along { debug: false, interim: Interim::default(), ..hop.along.clone() },
        unsaid: None,
    };
    let response = enter_next(entering, request).await;
    let status = response.status();
    if !status.is_success() || status == StatusCode::PARTIAL_CONTENT {
        let reason = response.headers().get(crate::headers::ERROR_REASON).cloned();
        return Err(Failed::Status(status, reason));
    }
    match is_encoded(response.headers()) {
        true => Err(Failed::Encoded),
        false => Ok(response.into_body()),
    }
}

/// The service whose domain it is; for any other host the page's own, which knows what to do with it.
fn owner<'h>(hop: &'h Hop, host: &str) -> &'h Arc<Service> {
    match *host == *hop.host {
        true => &hop.service,
        false => hop.world().service_for_host(host).unwrap_or(&hop.service),
    }
}

fn request(page: &Page, host: &str, target: &str) -> Result<Request, Failed> {
    let target: PathAndQuery = target.parse().map_err(|_| Failed::Unsendable)?;
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = target.into();
    *request.headers_mut() = page.headers.clone();
    let host: Authority = host.parse().map_err(|_| Failed::Unsendable)?;
    let host = HeaderValue::from_str(host.as_str()).map_err(|_| Failed::Unsendable)?;
    request.headers_mut().insert(header::HOST, host);
    Ok(request)
}
