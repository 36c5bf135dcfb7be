//! What rules look at: the facts of a request and of a response, in types that belong to no HTTP library.

use std::net::IpAddr;

/// The lines of a header by its lower-case name, as they came; none when the header is absent.
pub type HeaderLines<'a> = dyn Fn(&str) -> Vec<&'a [u8]> + 'a;

/// A request as rules see it.
#[derive(Clone, Copy)]
pub struct RequestFacts<'a> {
    /// The method as written.
    pub method: &'a str,
    /// The host that was asked for; case, port and final dot do not matter.
    pub host: &'a str,
    /// The path as received.
    pub path: &'a str,
    /// The path in its [normal form](crate::manifest::normalise_path).
    pub normalised_path: &'a str,
    /// The query as received, without its question mark.
    pub query: Option<&'a str>,
    /// The header section.
    pub headers: &'a HeaderLines<'a>,
    /// The client's address; no block contains an unknown one.
    pub client: Option<IpAddr>,
}

/// A response as rules see it.
#[derive(Clone, Copy)]
pub struct ResponseFacts<'a> {
    /// The status.
    pub status: u16,
    /// The header section as it came from the backend.
    pub headers: &'a HeaderLines<'a>,
}
