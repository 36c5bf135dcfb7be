//! The request that is asked about, from the command line.

use std::net::IpAddr;

use http::{HeaderName, HeaderValue, Method, Uri, header};
use selvedge::{Body, Request};

use crate::{
    cli::args::ExplainArgs,
    edge::{check_host, plain},
};

/// A request as it would come in.
pub(super) struct Ask {
    pub(super) request: Request,
    pub(super) host: String,
    pub(super) client: Option<IpAddr>,
}

impl Ask {
    pub(super) fn of(args: &ExplainArgs) -> Result<Self, String> {
        let wrong = || format!("`{}` is no URL such as http://shop.localhost/path", args.url);
        let uri: Uri = args.url.parse().map_err(|_| wrong())?;
        let host = uri.authority().ok_or_else(wrong)?.as_str().to_owned();
        if !matches!(uri.scheme_str(), Some("http" | "https")) {
            return Err(wrong());
        }
        check_host(&host).map_err(|_| {
            format!(
                "`{host}` is no host: a name or an address, and after a colon a port up to 65535"
            )
        })?;
        let host = plain(&host).to_string();
        let target = uri.path_and_query().cloned().ok_or_else(wrong)?;
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = Uri::from(target);
        *request.method_mut() = Method::from_bytes(args.method.as_bytes())
            .map_err(|_| format!("`{}` is no method", args.method))?;
        for line in &args.headers {
            let (name, value) = self::line(line)?;
            request.headers_mut().append(name, value);
        }
        let value = HeaderValue::from_str(&host).map_err(|_| wrong())?;
        request.headers_mut().insert(header::HOST, value);
        Ok(Self { request, host, client: args.client })
    }
}

fn line(line: &str) -> Result<(HeaderName, HeaderValue), String> {
    let parsed = line.split_once(':').and_then(|(name, value)| {
        let name = HeaderName::from_bytes(name.trim().as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(value.trim()).ok()?))
    });
    parsed.ok_or_else(|| format!("`{line}` is no header line such as `X-Name: value`"))
}
