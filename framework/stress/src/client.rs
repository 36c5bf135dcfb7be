//! A client: one connection that asks for one object after the other, and checks what it gets.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use fastrand::Rng;
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Empty};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    task::{JoinHandle, spawn_local},
    time::{sleep, timeout},
};

use crate::{
    content::Check,
    ledger::Ledger,
    node::HOST,
    objects::{self, COUNT, Kind, WANTED, kind},
    report::Violation,
};

/// A request that takes longer will never end.
const PATIENCE: Duration = Duration::from_secs(45);

/// The pause of a slow reader after each piece.
const PAUSE: Duration = Duration::from_millis(40);

/// The pause before a connection is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(20);

/// How a client reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// As fast as it can.
    Prompt,
    /// With pauses, and mostly what is large.
    Slow,
}

/// How a request ended.
enum Ended {
    /// The connection can be used again.
    Whole,
    /// It cannot.
    Broken,
}

type Connection = http1::SendRequest<Empty<Bytes>>;

/// Starts a client that asks until `end`.
pub(crate) fn begin(
    ledger: Rc<Ledger>,
    address: SocketAddr,
    manner: Manner,
    seed: u64,
    end: Instant,
) -> JoinHandle<()> {
    let client = Client { ledger, manner, dice: Rng::with_seed(seed) };
    spawn_local(client.run(address, end))
}

struct Client {
    ledger: Rc<Ledger>,
    manner: Manner,
    dice: Rng,
}

impl Client {
    async fn run(mut self, address: SocketAddr, end: Instant) {
        let mut connection = None;
        while Instant::now() < end {
            let mut open = match connection.take() {
                Some(open) => open,
                None => match connect(address).await {
                    Some(open) => open,
                    None => {
                        self.ledger.count("not connected");
                        sleep(TRY_AGAIN).await;
                        continue;
                    }
                },
            };
            let object = self.choose();
            match timeout(PATIENCE, self.ask(&mut open, object)).await {
                Ok(Ended::Whole) => connection = Some(open),
                Ok(Ended::Broken) => {}
                Err(_) => {
                    let what = format!("object {object}: no end after {PATIENCE:?}");
                    self.ledger.blame(Violation::Stuck, what);
                }
            }
        }
    }

    /// Most want what is small; the slow ones what is large.
    fn choose(&mut self) -> usize {
        let wanted = match (self.manner, self.dice.u16(0..1000)) {
            (Manner::Slow, 0..600) | (Manner::Prompt, 0..2) => Kind::Large,
            (_, 600..700) => Kind::Unsteady,
            (_, 700..900) => Kind::Brief,
            _ => Kind::Steady,
        };
        loop {
            let object = self.dice.usize(0..COUNT);
            if kind(object) == wanted {
                return object;
            }
        }
    }

    async fn ask(&mut self, connection: &mut Connection, object: usize) -> Ended {
        let floor = self.ledger.floor(object);
        let request = Request::get(objects::path(object)).header(header::HOST, HOST);
        let request = request.header(WANTED, self.ledger.now().0);
        let Ok(request) = request.body(Empty::new()) else { return Ended::Broken };
        let answered = match connection.ready().await {
            Ok(()) => connection.send_request(request).await,
            Err(error) => Err(error),
        };
        match answered {
            Ok(response) if response.status() == StatusCode::OK => {
                self.read(response, object, floor).await
            }
            Ok(response) => self.refused(response, object).await,
            Err(_) => {
                self.ledger.count("connection broke");
                Ended::Broken
            }
        }
    }

    /// An origin that fails is told of, or passed on.
    async fn refused(&mut self, response: Response<Incoming>, object: usize) -> Ended {
        match response.status() {
            StatusCode::INTERNAL_SERVER_ERROR if kind(object) == Kind::Unsteady => {
                self.ledger.count("500 of the origin");
            }
            StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => self.ledger.count("error page"),
            status => {
                let what = format!("object {object}: {status}");
                self.ledger.blame(Violation::WrongStatus, what);
            }
        }
        match response.into_body().collect().await {
            Ok(_) => Ended::Whole,
            Err(_) => Ended::Broken,
        }
    }

    async fn read(&mut self, response: Response<Incoming>, object: usize, floor: u64) -> Ended {
        self.count_hit(&response);
        let leaves_at = self.leaves_at(object);
        let (mut body, mut check, mut came) = (response.into_body(), Check::of(object), 0);
        loop {
            let frame = match body.frame().await {
                Some(Ok(frame)) => frame,
                Some(Err(_)) => {
                    self.ledger.count("broken off");
                    return Ended::Broken;
                }
                None => break,
            };
            let Ok(data) = frame.into_data() else { continue };
            came += data.len();
            if let Err(what) = check.take(&data) {
                return self.wrong(object, &what);
            }
            if came > leaves_at {
                self.ledger.count("left");
                return Ended::Broken;
            }
            if self.manner == Manner::Slow {
                sleep(PAUSE).await;
            }
        }
        match check.end() {
            Ok(()) => self.whole(object, &check, floor),
            Err(what) => self.wrong(object, &what),
        }
    }

    fn whole(&self, object: usize, check: &Check, floor: u64) -> Ended {
        self.ledger.count("whole");
        if let Some(version) = check.version()
            && version <= floor
        {
            let what = format!("object {object}: version {version}, purged up to {floor}");
            self.ledger.blame(Violation::Purged, what);
        }
        Ended::Whole
    }

    fn wrong(&self, object: usize, what: &str) -> Ended {
        self.ledger.blame(Violation::WrongBody, format!("object {object}: {what}"));
        Ended::Broken
    }

    /// After how many bytes it leaves, if it does.
    fn leaves_at(&mut self, object: usize) -> usize {
        match kind(object) == Kind::Unsteady && self.dice.u8(0..20) == 0 {
            true => self.dice.usize(0..objects::size(object)),
            false => usize::MAX,
        }
    }

    fn count_hit(&self, response: &Response<Incoming>) {
        let told = response.headers().get("x-cache").map(|value| value.as_bytes());
        // With a shield there are two words, and the last is of where clients are.
        let is_hit = told.is_some_and(|told| told.ends_with(b"HIT"));
        self.ledger.count(if is_hit { "hit" } else { "miss" });
    }
}

async fn connect(address: SocketAddr) -> Option<Connection> {
    let stream = TcpStream::connect(address).await.ok()?;
    let (connection, driver) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    drop(spawn_local(driver));
    Some(connection)
}
