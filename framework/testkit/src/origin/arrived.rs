//! A request as it reached an origin.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method};

/// A request as it reached an origin.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Arrived {
    /// Its method.
    pub method: Method,
    /// Its path and query.
    pub target: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Arrived {
    /// Its path, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// A header's lines, joined by `, `; empty where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        joined(&self.headers, name)
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// As a test scripts it: `GET /users/1`.
impl fmt::Display for Arrived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.target)
    }
}

/// A header's lines as one.
pub(crate) fn joined(headers: &HeaderMap, name: &str) -> String {
    let lines = headers.get_all(name).iter();
    let texts: Vec<_> = lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
    texts.join(", ")
}
