//! What a write makes worthless: the target URI and what the answer names beside it (RFC 9111 section 4.4).
//!
//! `Location` and `Content-Location` count only within the origin of the target URI, or else one site could empty
//! another's cache. The scheme is no part of a key, so `http` and `https` of one host are one set of objects here and
//! their default ports are the same place. Everything stored under a target goes, all variants of it.

use http::header::{CONTENT_LOCATION, LOCATION};
use http::{HeaderMap, Method, StatusCode};

use crate::reference::{Reference, resolve};

/// Whether all that is stored for the target URI must go: the method is not known to be safe, and the answer is not
/// an error.
#[must_use]
pub fn invalidates(method: &Method, status: StatusCode) -> bool {
    !is_safe(method) && (status.is_success() || status.is_redirection())
}

/// What the registry of methods calls safe (RFC 9110 section 16.1.1, RFC 3253, 4918 and 5323, and QUERY).
fn is_safe(method: &Method) -> bool {
    const SAFE: [&str; 8] =
        ["GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "REPORT", "SEARCH", "QUERY"];
    SAFE.contains(&method.as_str())
}

/// The URIs, as host and path with query, of which nothing stored may be used any more; empty when nothing has
/// happened to them. The target URI comes first, each URI once, all under the host of the request as it was given.
///
/// The `fastly` profile does not ask: there a purge invalidates, not a write.
#[must_use]
pub fn targets(
    method: &Method,
    status: StatusCode,
    request_uri: &(&str, &str),
    response_headers: &HeaderMap,
) -> Vec<(String, String)> {
    if !invalidates(method, status) {
        return Vec::new();
    }
    let (host, target) = *request_uri;
    let mut paths = vec![target.to_owned()];
    for line in [LOCATION, CONTENT_LOCATION].iter().flat_map(|name| response_headers.get_all(name))
    {
        let named = line.to_str().ok().and_then(|text| in_same_origin(text.trim(), host, target));
        paths.extend(named.filter(|path| !paths.contains(path)));
    }
    paths.into_iter().map(|path| (host.to_owned(), path)).collect()
}

/// Path and query of a reference, if it leads to the origin of the request.
pub(crate) fn in_same_origin(reference: &str, host: &str, target: &str) -> Option<String> {
    let reference = Reference::parse(reference)?;
    let same = reference.authority.is_none_or(|other| same_place(other, reference.scheme, host));
    same.then(|| resolve(&reference, target))
}

/// Whether two authorities are the same host and port. User names in a reference lead nowhere else.
fn same_place(other: &str, scheme: Option<&str>, host: &str) -> bool {
    let other = other.rsplit_once('@').map_or(other, |(_, place)| place);
    let ((name, port), (own_name, own_port)) = (split_port(other), split_port(host));
    let same_port = match (port, own_port) {
        (Some(port), Some(own)) => port == own,
        (None, None) => true,
        (Some(port), None) | (None, Some(port)) => is_default(port, scheme),
    };
    !name.is_empty() && name.eq_ignore_ascii_case(own_name) && same_port
}

/// A host and its port, if it names one. The colons inside of an IPv6 literal do not count, an empty port is none.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port).filter(|p| !p.is_empty())),
        _ => (authority, None),
    }
}

/// Whether the scheme leaves this port out; without a scheme, it is that of the request, which may be either.
fn is_default(port: &str, scheme: Option<&str>) -> bool {
    let default = |known: &str, number: &str| {
        port == number && scheme.is_none_or(|scheme| scheme.eq_ignore_ascii_case(known))
    };
    default("http", "80") || default("https", "443")
}

#[cfg(test)]
mod tests;
