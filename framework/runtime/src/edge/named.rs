//! What a request names: its host, its target, how its body is coded. What cannot be sent on is refused here.

use std::sync::Arc;

use http::{HeaderValue, Method, Uri, header, uri::Authority};
use selvedge::{Error, Refusal, Request, Result};

use crate::headers::HostLines;

/// A request's one host: its URI's authority, else its one `Host` field.
pub(super) fn named_host<'r>(uri: &'r Uri, host: HostLines<'r>) -> Result<&'r str> {
    match (uri.authority(), host) {
        (Some(authority), _) => Ok(authority.as_str()),
        (None, HostLines::One(one)) => one
            .to_str()
            .map_err(|error| Error::new(Refusal::NoHost, "`Host` is not text").because(error)),
        (None, HostLines::None) => {
            Err(Error::new(Refusal::NoHost, "neither an authority nor a `Host` field"))
        }
        (None, HostLines::Several) => {
            Err(Error::new(Refusal::NoHost, "more than one `Host` field"))
        }
    }
}

/// A port that is none, and a user, are no part of a host; a colon may stand there without a port (RFC 3986 section 3.2.3).
pub(crate) fn check_host(host: &str) -> Result<()> {
    let authority: Authority = host.parse().map_err(|error| no_host(host).because(error))?;
    let name = authority.host();
    let after = authority.as_str().strip_prefix(name).ok_or_else(|| no_host(host))?;
    // A number may have a sign elsewhere, a port is digits.
    let digits = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let has_port = authority.port().is_some_and(|port| digits(port.as_str()));
    match !name.is_empty() && (has_port || matches!(after, "" | ":")) {
        true => Ok(()),
        false => Err(no_host(host)),
    }
}

pub(super) fn no_host(host: &str) -> Error {
    Error::new(Refusal::NoHost, format!("`{host}` is no host"))
}

/// A host without the dot at the end of its name, and without a colon that no port follows, which say the same: the cache
/// should not know one thing by two names.
pub(crate) fn plain(host: &str) -> Arc<str> {
    let (name, port) = match host.rsplit_once(':').filter(|(_, port)| !port.contains(']')) {
        Some((name, port)) => (name, port),
        None => (host, ""),
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    match port {
        "" => name.into(),
        port => format!("{name}:{port}").into(),
    }
}

/// A target is a path, or a whole URI of ours; nothing else can be sent on. An asterisk is OPTIONS' alone (RFC 9112 section
/// 3.2.4, RFC 9113 section 8.3.1).
pub(super) fn check_target(request: &Request) -> Result<()> {
    let uri = request.uri();
    let ours = uri.scheme_str().is_none_or(|scheme| matches!(scheme, "http" | "https"));
    let star = uri.path() == "*" && request.method() != Method::OPTIONS;
    match ours && uri.path_and_query().is_some() && !star {
        true => Ok(()),
        false => Err(Error::new(Refusal::TargetInvalid, format!("`{uri}`"))),
    }
}

/// The connection has undone one `chunked`; a body that is coded in another way, too, is not what its length says (RFC 9112
/// section 6.1).
pub(super) fn check_coding(request: &Request) -> Result<()> {
    let mut lines = request.headers().get_all(header::TRANSFER_ENCODING).iter();
    let is_chunked = |line: &HeaderValue| line.as_bytes().eq_ignore_ascii_case(b"chunked");
    match (lines.next(), lines.next()) {
        (None, _) => Ok(()),
        (Some(only), None) if is_chunked(only) => Ok(()),
        _ => Err(Error::new(Refusal::CodingUnknown, "it is not `chunked` alone")),
    }
}
