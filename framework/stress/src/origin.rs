//! An origin that fails: it dawdles, answers 500, breaks off, drops connections, and is away for
//! moments.

use std::cell::RefCell;
use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use http::{Request, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use socket2::{Domain, Socket, Type};
use tokio::{
    net::{TcpListener, TcpStream},
    task::spawn_local,
    time::{sleep, timeout},
};

use crate::{
    Outcome,
    content::Content,
    ledger::{Fetch, Ledger, Moment},
    objects::{self, Kind, WANTED},
};

/// How long it is there, and how long it is away.
const THERE: Duration = Duration::from_millis(700);
const AWAY: Duration = Duration::from_millis(20);

/// How long it dawdles at most, in milliseconds.
const DAWDLE_MS: u64 = 300;

/// How much it sends at once.
const PIECE: usize = 16 * 1024;

type Dice = Rc<RefCell<Rng>>;

/// Starts it on this thread.
pub(crate) fn start(ledger: Rc<Ledger>, seed: u64) -> Outcome<SocketAddr> {
    let first = listen((Ipv4Addr::LOCALHOST, 0).into())?;
    let address = first.local_addr()?;
    let dice = Rc::new(RefCell::new(Rng::with_seed(seed ^ 1)));
    drop(spawn_local(come_and_go(first, address, ledger, dice)));
    Ok(address)
}

fn listen(address: SocketAddr) -> Outcome<TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(1024)?;
    Ok(TcpListener::from_std(socket.into())?)
}

/// While it is away connections are refused.
async fn come_and_go(first: TcpListener, address: SocketAddr, ledger: Rc<Ledger>, dice: Dice) {
    let mut listener = Some(first);
    loop {
        if let Some(listener) = listener.take() {
            // That the time is over is how it ends.
            let _ = timeout(THERE, accept(&listener, &ledger, &dice)).await;
        }
        sleep(AWAY).await;
        listener = listen(address).ok();
    }
}

async fn accept(listener: &TcpListener, ledger: &Rc<Ledger>, dice: &Dice) {
    while let Ok((stream, _)) = listener.accept().await {
        match dice.borrow_mut().u8(0..50) {
            // It is closed before it is read.
            0 => ledger.count("origin: dropped"),
            _ => drop(spawn_local(serve(stream, Rc::clone(ledger), Rc::clone(dice)))),
        }
    }
}

async fn serve(stream: TcpStream, ledger: Rc<Ledger>, dice: Dice) {
    let service = service_fn(move |request| {
        let (ledger, dice) = (Rc::clone(&ledger), Rc::clone(&dice));
        async move { Ok::<_, Infallible>(answer(&request, ledger, dice).await) }
    });
    // It breaks off on purpose, and the node may leave.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(request: &Request<Incoming>, ledger: Rc<Ledger>, dice: Dice) -> Response<Sending> {
    let Some(object) = objects::at(request.uri().path()) else {
        return status(StatusCode::NOT_FOUND);
    };
    let Some(wanted) = wanted(request) else { return status(StatusCode::BAD_REQUEST) };
    ledger.count("origin: asked");
    let fetch = ledger.fetch(object, wanted);
    let (version, chance) = (ledger.next_version(object), dice.borrow_mut().u8(0..100));
    if chance < 20 {
        ledger.count("origin: dawdled");
        let time = dice.borrow_mut().u64(0..DAWDLE_MS);
        sleep(Duration::from_millis(time)).await;
    }
    let content = Content::new(object, version, objects::size(object));
    let broken_at = match (objects::kind(object), chance) {
        (Kind::Unsteady, 0..10) => {
            ledger.count("origin: 500");
            return status(StatusCode::INTERNAL_SERVER_ERROR);
        }
        (_, 15..25) => {
            ledger.count("origin: broke off");
            dice.borrow_mut().usize(0..content.size())
        }
        _ => usize::MAX,
    };
    let length = content.size() as u64;
    let mut response =
        Response::new(Sending { content, at: 0, broken_at, fetch: Some(fetch), length });
    describe(&mut response, object);
    response
}

/// What the client said, which the node hands on.
fn wanted(request: &Request<Incoming>) -> Option<Moment> {
    let said = request.headers().get(WANTED)?.to_str().ok()?;
    said.parse().ok().map(Moment)
}

fn describe(response: &mut Response<Sending>, object: usize) {
    let kept = http::HeaderValue::from_static(objects::cache_control(object));
    response.headers_mut().insert(http::header::CACHE_CONTROL, kept);
    if let Ok(key) = objects::surrogate_key(object).parse() {
        response.headers_mut().insert("surrogate-key", key);
    }
}

fn status(status: StatusCode) -> Response<Sending> {
    let content = Content::new(0, 0, 0);
    let body = Sending { content, at: 0, broken_at: usize::MAX, fetch: None, length: 0 };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}

/// A body on its way, which may break off.
struct Sending {
    content: Content,
    at: usize,
    broken_at: usize,
    /// The fetch has ended before its last piece is sent, so that no later one is counted beside it.
    fetch: Option<Fetch>,
    length: u64,
}

impl Body for Sending {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        let left = self.broken_at.saturating_sub(self.at);
        let piece = self.content.piece(self.at, PIECE.min(left));
        self.at += piece.len();
        if self.at >= self.content.size() || left == 0 {
            self.fetch = None;
        }
        match (piece.is_empty(), left) {
            (_, 0) => Poll::Ready(Some(Err("broken off on purpose"))),
            (true, _) => Poll::Ready(None),
            (false, _) => Poll::Ready(Some(Ok(Frame::data(piece)))),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length - self.at as u64)
    }
}
