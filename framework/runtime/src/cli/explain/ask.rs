//! The request that is asked about, from the command line.

use std::net::IpAddr;

use http::{HeaderName, HeaderValue, Method, Uri, header};
use selvedge::{Body, Request};

use crate::{
    cli::args::ExplainArgs,
    edge::{check_host, plain},
    esi::Abroad,
    headers,
    hops::Hops,
    ids::NodeId,
};

/// A request as it would come in.
pub(super) struct Ask {
    pub(super) request: Request,
    pub(super) host: String,
    pub(super) client: Option<IpAddr>,
    /// Where it enters, if that is said.
    pub(super) pop: Option<String>,
}

impl Ask {
    pub(super) fn of(args: &ExplainArgs) -> Result<Self, String> {
        let wrong = || format!("`{}` is no URL such as http://shop.localhost/path", args.url);
        let uri: Uri = args.url.parse().map_err(|_| wrong())?;
        let host = uri.authority().ok_or_else(wrong)?.as_str().to_owned();
        if !matches!(uri.scheme_str(), Some("http" | "https")) {
            return Err(wrong());
        }
        check_host(&host).map_err(|_| no_host(&host))?;
        let target = uri.path_and_query().cloned().ok_or_else(wrong)?;
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = Uri::from(target);
        *request.method_mut() = Method::from_bytes(args.method.as_bytes())
            .map_err(|_| format!("`{}` is no method", args.method))?;
        for line in &args.headers {
            let (name, value) = self::line(line)?;
            request.headers_mut().append(name, value);
        }
        let host = plain(&said_host(&request)?.unwrap_or(host)).to_string();
        let value = HeaderValue::from_str(&host).map_err(|_| wrong())?;
        request.headers_mut().insert(header::HOST, value);
        let pop = args.pop.clone().or_else(|| said_pop(&request));
        Ok(Self { request, host, client: args.client, pop })
    }

    /// How often it says that it has been here.
    pub(super) fn hops_before(&self) -> usize {
        // It cannot have been at a node that does not run.
        Hops::from_stranger(self.request.headers(), &NodeId::of(0), &Abroad::default()).count()
    }
}

/// The host that a `Host` line names in the place of the URL's, as a client can say it.
fn said_host(request: &Request) -> Result<Option<String>, String> {
    let mut lines = request.headers().get_all(header::HOST).iter();
    let Some(line) = lines.next() else { return Ok(None) };
    if lines.next().is_some() {
        return Err("a request has one `Host` only; with more it is refused with 400".to_owned());
    }
    let host = String::from_utf8_lossy(line.as_bytes()).into_owned();
    check_host(&host).map_err(|_| no_host(&host))?;
    Ok(Some(host))
}

fn said_pop(request: &Request) -> Option<String> {
    let pop = request.headers().get(headers::POP)?;
    Some(String::from_utf8_lossy(pop.as_bytes()).into_owned())
}

fn no_host(host: &str) -> String {
    format!("`{host}` is no host: a name or an address, and after a colon a port up to 65535")
}

fn line(line: &str) -> Result<(HeaderName, HeaderValue), String> {
    let parsed = line.split_once(':').and_then(|(name, value)| {
        let name = HeaderName::from_bytes(name.trim().as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(value.trim()).ok()?))
    });
    parsed.ok_or_else(|| format!("`{line}` is no header line such as `X-Name: value`"))
}
