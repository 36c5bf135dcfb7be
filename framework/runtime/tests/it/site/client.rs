//! A client, and what it was answered.

use futures_util::FutureExt;
use http::HeaderMap;
use http_body_util::BodyExt;
use selvedge::{Body, Response};
use tokio::task::JoinHandle;

use super::rest;

/// A client that has asked.
pub(crate) struct Client(pub(super) JoinHandle<Seen>);

/// What a client was answered.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) broken: bool,
}

/// A client that reads its body piece by piece.
pub(crate) struct Reading {
    pub(crate) head: Seen,
    body: Body,
}

impl Client {
    /// Whether it still waits for its answer's end.
    pub(crate) fn waits(&self) -> bool {
        !self.0.is_finished()
    }

    /// It goes away.
    pub(crate) async fn leave(self) {
        self.0.abort();
        rest().await;
    }

    /// What it was answered, which must be there when nothing moves any more.
    #[track_caller]
    pub(crate) fn seen(self) -> impl Future<Output = Seen> {
        let caller = std::panic::Location::caller();
        async move {
            rest().await;
            assert!(self.0.is_finished(), "the client of {caller} still waits");
            self.0.await.unwrap()
        }
    }
}

impl Seen {
    fn head(response: Response) -> (Self, Body) {
        let (head, body) = response.into_parts();
        let (status, headers) = (head.status.as_u16(), head.headers);
        (Self { status, headers, text: String::new(), broken: false }, body)
    }

    pub(super) async fn whole(response: Response) -> Self {
        let (mut seen, mut body) = Self::head(response);
        while let Some(frame) = body.frame().await {
            match frame {
                Ok(frame) => seen.take(frame),
                Err(_) => {
                    seen.broken = true;
                    break;
                }
            }
        }
        seen
    }

    fn take(&mut self, frame: http_body::Frame<bytes::Bytes>) {
        if let Ok(data) = frame.into_data() {
            self.text.push_str(&String::from_utf8_lossy(&data));
        }
    }

    /// A header's value; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// What the cache says that it did, without the name and the time to live.
    pub(crate) fn how(&self) -> String {
        let said = self.headers.get_all("cache-status").iter().next_back();
        let said = said.map_or("", |value| value.to_str().unwrap());
        let items = said.split("; ").skip(1).filter(|item| !item.starts_with("ttl="));
        items.collect::<Vec<_>>().join("; ")
    }

    /// How it was answered, and with what.
    pub(crate) fn both(&self) -> (String, &str) {
        (self.how(), &self.text)
    }
}

impl Reading {
    pub(super) fn of(response: Response) -> Self {
        let (head, body) = Seen::head(response);
        Self { head, body }
    }

    /// The length of the next piece, if there is one now.
    pub(crate) async fn piece(&mut self) -> Option<usize> {
        rest().await;
        match self.body.frame().now_or_never()?? {
            Ok(frame) => Some(frame.into_data().unwrap().len()),
            Err(_) => {
                self.head.broken = true;
                None
            }
        }
    }

    /// The length of all the pieces that there are now.
    pub(crate) async fn pieces(&mut self) -> usize {
        let mut sum = 0;
        while let Some(length) = self.piece().await {
            sum += length;
        }
        sum
    }

    /// What there is to read now; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<String> {
        rest().await;
        let mut seen = String::new();
        loop {
            match self.body.frame().now_or_never() {
                None => return Some(seen),
                Some(None) => return Some(seen).filter(|seen| !seen.is_empty()),
                Some(Some(Ok(frame))) => {
                    seen.push_str(&String::from_utf8_lossy(&frame.into_data().unwrap()));
                }
                Some(Some(Err(_))) => {
                    self.head.broken = true;
                    return Some(seen);
                }
            }
            rest().await;
        }
    }
}

/// What every client of a crowd was answered.
pub(crate) async fn all(crowd: Vec<Client>) -> Vec<Seen> {
    let mut seen = Vec::new();
    for client in crowd {
        seen.push(client.seen().await);
    }
    seen
}

/// What the cache did for each of a crowd.
pub(crate) async fn hows(crowd: Vec<Client>) -> Vec<String> {
    all(crowd).await.iter().map(Seen::how).collect()
}
