//! What a test gets for a request: the whole answer, and how it came about.

use std::{any::type_name, fmt};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use selvedge::{Refusal, Response};
use selvedge_runtime::trace::HopEvent;
use serde::de::DeserializeOwned;

use crate::{origin::joined, produced};

/// So much of a body is shown where an assertion fails, in characters.
const SHOWN: usize = 500;

/// An answer, read to its end. As text: its head, the hops, and the beginning of its body.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, as far as it came.
    pub body: Bytes,
    /// Whether the body broke off.
    pub broken: bool,
    /// The hops, in the order in which they had their response: origin side first.
    pub hops: Vec<HopEvent>,
}

impl Answer {
    pub(crate) async fn read(response: Response) -> Self {
        let (head, mut body) = response.into_parts();
        let mut bytes = Vec::new();
        let mut broken = false;
        while let Some(frame) = body.frame().await {
            match frame.map(data) {
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => {}
                Err(_) => {
                    broken = true;
                    break;
                }
            }
        }
        produced::keep_debug(&head.headers);
        produced::keep(&bytes);
        let hops = Vec::new();
        Self { status: head.status, headers: head.headers, body: bytes.into(), broken, hops }
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// Where it is none, or another than of a `T`.
    #[expect(clippy::panic, reason = "a test that reads what is not there has failed")]
    #[must_use]
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => {
                panic!("the body is not the JSON of a `{}`: {error}:\n{self}", type_name::<T>())
            }
        }
    }

    /// A header's lines, joined by `, `; empty where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        joined(&self.headers, name)
    }

    /// A service's hop, the one nearest to the client.
    ///
    /// # Panics
    /// Where the service had no part in the answer.
    #[expect(clippy::panic, reason = "a test that asks for a hop that was not there has failed")]
    #[must_use]
    #[track_caller]
    pub fn hop(&self, service: &str) -> &HopEvent {
        match self.hops.iter().rev().find(|hop| hop.service == service) {
            Some(hop) => hop,
            None => panic!("`{service}` had no part in the answer:\n{self}"),
        }
    }

    /// The way of the request, from the client to the origin, in the words of `Cache-Status`: a POP and a service, what
    /// the cache did, and why.
    ///
    /// `["LHR/storefront pass requested", "LHR/catalog hit"]`
    #[must_use]
    pub fn path(&self) -> Vec<String> {
        let mut hops: Vec<&HopEvent> = self.hops.iter().collect();
        // A handler's sends stay in their order; whatever is nearer to the client comes first.
        hops.sort_by_key(|hop| hop.hop);
        hops.into_iter().map(step).collect()
    }

    /// The refusal that the client was told of, of whichever hop, and the operator's text; `None` where it was told of none.
    #[must_use]
    pub fn refusal(&self) -> Option<(Refusal, &str)> {
        let reason = self.header("error-reason");
        let refused = self.hops.iter().rev().filter_map(|hop| hop.refused.as_ref());
        let told = refused.filter(|(refusal, _)| refusal.reason() == reason);
        told.map(|(refusal, detail)| (*refusal, detail.as_str())).next()
    }

    /// The request's id, as error pages and logs show it; `None` where no service had a part in it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.hops.last().map(|hop| hop.request_id.as_str())
    }

    /// Fails the test unless the answer has this status.
    ///
    /// # Panics
    /// Where it has another one, which is shown with all that is known of the answer.
    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        assert!(self.status.as_u16() == status, "the status is not {status}:\n{self}");
        self
    }

    /// Fails the test unless the request went this way; see [`Answer::path`].
    ///
    /// # Panics
    /// Where it went another one, which is shown with all that is known of the answer.
    #[track_caller]
    pub fn assert_path(&self, path: &[&str]) -> &Self {
        assert!(self.path() == path, "the request did not go by {path:?}:\n{self}");
        self
    }
}

fn step(hop: &HopEvent) -> String {
    let HopEvent { pop, service, verdict, .. } = hop;
    match hop.reason() {
        Some(reason) => format!("{pop}/{service} {} {reason}", verdict.as_str()),
        None => format!("{pop}/{service} {}", verdict.as_str()),
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  status {}", self.status)?;
        if let Some(reason) = self.headers.get("error-reason") {
            writeln!(f, "  error-reason {reason:?}")?;
        }
        writeln!(f, "  path {:?}", self.path())?;
        for (refusal, detail) in self.hops.iter().filter_map(|hop| hop.refused.as_ref()) {
            writeln!(f, "  refused, fault of the {}: {detail}", refusal.fault().as_str())?;
        }
        let shown: String = self.text().chars().take(SHOWN).collect();
        let end = if self.broken { ", broken off" } else { "" };
        write!(f, "  body of {} bytes{end}: {shown:?}", self.body.len())
    }
}

fn data(frame: http_body::Frame<Bytes>) -> Option<Bytes> {
    frame.into_data().ok()
}
