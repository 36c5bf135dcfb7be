//! A request that a test puts together piece by piece.

use std::{
    net::IpAddr,
    panic::{Location, resume_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{HeaderName, HeaderValue, Method, Request, header, uri::Scheme};
use selvedge::{Body, host::BoxFuture};
use selvedge_runtime::{edge::Arrival, world::Pop};
use tokio::task::JoinHandle;

use crate::{Answer, Edge, edge::Inner, patience::Patience, pop};

/// A request to an edge, which is sent when it is awaited, or when it [begins](Ask::begin).
#[must_use = "nothing is sent until it is awaited"]
pub struct Ask<'e> {
    edge: &'e Edge,
    door: Door,
    request: selvedge::Request,
    client: IpAddr,
    asked_at: &'static Location<'static>,
    sending: Option<BoxFuture<'static, Answer>>,
    patience: Patience,
}

/// Where a request comes in.
#[derive(Clone)]
pub(crate) enum Door {
    /// Where clients come, in this POP or in the first one.
    Data(Option<Arc<Pop>>),
    /// The management API.
    Admin,
}

/// Where the client of a test is, unless it says otherwise.
const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

pub(crate) fn from_loopback() -> Arrival {
    Arrival::from(Some(LOOPBACK), "http")
}

impl<'e> Ask<'e> {
    #[expect(clippy::panic, reason = "a test with a broken URL has failed")]
    #[track_caller]
    pub(crate) fn new(edge: &'e Edge, door: Door, method: Method, url: &str) -> Self {
        let asked_at = Location::caller();
        match Request::builder().method(method).uri(url).body(Body::empty()) {
            Ok(request) => Self {
                edge,
                door,
                request,
                client: LOOPBACK,
                asked_at,
                sending: None,
                patience: Patience::default(),
            },
            Err(error) => panic!("`{url}` is no URL: {error}"),
        }
    }

    #[expect(clippy::panic, reason = "a test with a broken request line has failed")]
    #[track_caller]
    pub(crate) fn of_line(edge: &'e Edge, pop: Option<Arc<Pop>>, line: &str) -> Self {
        match line.split_once(' ').map(|(method, url)| (method.parse(), url)) {
            Some((Ok(method), url)) => Self::new(edge, Door::Data(pop), method, url),
            _ => panic!("`{line}` is not a method and a URL, as in `PUT http://shop.localhost/x`"),
        }
    }

    /// Adds a header line.
    ///
    /// # Panics
    /// Where it is none.
    #[expect(clippy::panic, reason = "a test with a broken header has failed")]
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value))
        else {
            panic!("`{name}: {value}` is no header line");
        };
        self.request.headers_mut().append(name, value);
        self
    }

    /// Lets the request come in at this POP, in place of the one where requests enter.
    ///
    /// # Panics
    /// Where the manifest has no such POP.
    #[track_caller]
    pub fn at(mut self, pop: &str) -> Self {
        self.door = Door::Data(Some(pop::find(self.edge, pop)));
        self
    }

    /// The client's address; the loopback address otherwise.
    pub fn from(mut self, client: impl Into<IpAddr>) -> Self {
        self.client = client.into();
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        self
    }

    /// Sets the body to this JSON text, and says so.
    pub fn json(mut self, text: impl Into<String>) -> Self {
        let json = HeaderValue::from_static("application/json");
        self.request.headers_mut().insert(header::CONTENT_TYPE, json);
        self.body(text.into())
    }

    /// Sends it and reads the whole answer, as awaiting it does.
    pub async fn send(self) -> Answer {
        self.await
    }

    /// Sends it, and lets the test go on before it is answered: it goes on whenever the test waits for something. For what
    /// an origin holds back until the clock moves or a gate opens.
    pub fn begin(mut self) -> Asked {
        let inner = Arc::clone(&self.edge.inner);
        let (task, asked_at) = (tokio::spawn(self.sending()), self.asked_at);
        Asked { task, inner, asked_at, patience: Patience::default() }
    }

    fn sending(&mut self) -> BoxFuture<'static, Answer> {
        let scheme = match self.request.uri().scheme() == Some(&Scheme::HTTPS) {
            true => "https",
            false => "http",
        };
        let inner: Arc<Inner> = Arc::clone(&self.edge.inner);
        let (request, door) = (std::mem::take(&mut self.request), self.door.clone());
        let arrival = Arrival::from(Some(self.client), scheme);
        Box::pin(async move {
            match door {
                Door::Data(pop) => inner.answer(pop, request, arrival).await,
                Door::Admin => inner.call(request).await,
            }
        })
    }
}

impl Future for Ask<'_> {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answer> {
        let mut sending = match self.sending.take() {
            Some(sending) => sending,
            None => self.sending(),
        };
        match sending.as_mut().poll(cx) {
            Poll::Ready(answer) => {
                self.edge.inner.strict.check(Some(self.asked_at));
                Poll::Ready(answer)
            }
            Poll::Pending => {
                self.sending = Some(sending);
                let (inner, asked_at) = (Arc::clone(&self.edge.inner), self.asked_at);
                self.patience.check(cx, &inner.stage, asked_at);
                Poll::Pending
            }
        }
    }
}

/// A request that has been sent. Awaited, it gives the answer.
#[must_use = "the answer is there when it is awaited"]
pub struct Asked {
    task: JoinHandle<Answer>,
    inner: Arc<Inner>,
    asked_at: &'static Location<'static>,
    patience: Patience,
}

impl Asked {
    /// Whether the whole answer is there. [`Edge::settle`] lets the request go on as far as it can.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.task.is_finished()
    }

    /// The client goes away: the answer is not waited for any more.
    pub fn leave(self) {
        self.task.abort();
    }
}

impl Future for Asked {
    type Output = Answer;

    #[expect(clippy::panic, reason = "a request that nobody answers any more is a failed test")]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answer> {
        let Poll::Ready(answered) = Pin::new(&mut self.task).poll(cx) else {
            let (inner, asked_at) = (Arc::clone(&self.inner), self.asked_at);
            self.patience.check(cx, &inner.stage, asked_at);
            return Poll::Pending;
        };
        let answer = match answered {
            Ok(answer) => answer,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(error) => panic!("the request of {} was given up: {error}", self.asked_at),
            },
        };
        self.inner.strict.check(Some(self.asked_at));
        Poll::Ready(answer)
    }
}
