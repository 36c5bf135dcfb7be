//! The url of a backend: scheme, host and port, and nothing else.
//!
//! A backend is a place, so its url has no user, query or fragment; a path is not supported yet.

use std::net::IpAddr;

use crate::name::{Domain, check_host};

/// Where every node can be expected in production.
const STANDARD_PORTS: [u16; 2] = [80, 443];

/// Where a backend listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendUrl {
    /// Plain or encrypted.
    pub scheme: Scheme,
    /// The host in lower case; an IPv6 literal stands in brackets.
    pub host: String,
    /// The port, from the scheme if none is written.
    pub port: u16,
}

impl BackendUrl {
    /// The host, with the port unless it is the scheme's own.
    pub fn authority(&self) -> String {
        match self.port == self.scheme.default_port() {
            true => self.host.clone(),
            false => format!("{}:{}", self.host, self.port),
        }
    }

    /// Whether a send to it stays in the process if its host is a domain of the account: its port is 80, 443 or one
    /// that the node takes requests on. IP literals and `localhost` say nothing about whose they are.
    pub fn may_be_ours(&self, data_ports: &[u16]) -> bool {
        let is_name = Domain::new(self.host.as_str()).is_ok_and(|domain| !domain.is_ip());
        let is_our_port = STANDARD_PORTS.contains(&self.port) || data_ports.contains(&self.port);
        is_name && self.host != "localhost" && is_our_port
    }

    /// Whether it leads to the machine that asks: a loopback address, an address that stands for all of them, `localhost`
    /// or a name below it (RFC 6761 section 6.3).
    pub fn is_loopback(&self) -> bool {
        let inner = self.host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        match inner.unwrap_or(&self.host).parse::<IpAddr>().map(|address| address.to_canonical()) {
            Ok(address) => address.is_loopback() || address.is_unspecified(),
            Err(_) => self.host == "localhost" || self.host.ends_with(".localhost"),
        }
    }

    /// Reads a url of the form `scheme://host[:port]`, with at most one `/` behind it.
    ///
    /// # Errors
    ///
    /// What is wrong, as the rest of a sentence that starts with the url.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (scheme, rest) = scheme(text)?;
        let authority = without_path(rest)?;
        if authority.contains('@') {
            return Err("has a user name, which a backend cannot have".to_owned());
        }
        let (host, port) = split_port(authority)?;
        let host = check_host(host).map_err(|error| format!("has no usable host: {error}"))?;
        Ok(Self { scheme, host, port: port.unwrap_or(scheme.default_port()) })
    }
}

/// How a backend is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Plain HTTP.
    Http,
    /// HTTP inside TLS.
    Https,
}

impl Scheme {
    /// The scheme as a url writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    /// The port that is meant when none is written.
    pub fn default_port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

fn scheme(text: &str) -> Result<(Scheme, &str), String> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err("has no scheme; write `http://` or `https://` before the host".to_owned());
    };
    match scheme.to_ascii_lowercase().as_str() {
        "http" => Ok((Scheme::Http, rest)),
        "https" => Ok((Scheme::Https, rest)),
        _ => Err("has a scheme other than `http` and `https`".to_owned()),
    }
}

fn without_path(rest: &str) -> Result<&str, String> {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
    match behind {
        "" | "/" => Ok(authority),
        _ if behind.contains(['?', '#']) => {
            Err("has a query or fragment, which a backend cannot have".to_owned())
        }
        _ => Err("has a path, which is not supported yet".to_owned()),
    }
}

/// Splits the port off, leaving the colons of a bracketed IPv6 literal alone.
fn split_port(authority: &str) -> Result<(&str, Option<u16>), String> {
    let colon = match authority.rfind(']') {
        Some(bracket) => authority.rfind(':').filter(|colon| *colon > bracket),
        None => authority.find(':'),
    };
    let Some((host, port)) = colon.and_then(|colon| authority.split_at_checked(colon)) else {
        return Ok((authority, None));
    };
    let digits = port.trim_start_matches(':');
    match digits.parse::<u16>() {
        Ok(port) if port > 0 && digits.bytes().all(|b| b.is_ascii_digit()) => {
            Ok((host, Some(port)))
        }
        _ => Err(format!("has the port `{digits}`; a port is a number from 1 to 65535")),
    }
}

#[cfg(test)]
mod tests;
