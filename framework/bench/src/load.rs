//! The clients: keep-alive connections, each with one request on its way, from one thread.
//!
//! They write and read plain bytes, so that the measurement is of the servers and not of a client
//! library, and the same clients ask every server. Each asks again as soon as it is answered:
//! with `n` connections the mean latency is `n` over the throughput, whoever serves.

use std::cell::RefCell;
use std::io::Write as _;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::answer::Answer;
use crate::cores::Busy;
use crate::samples::Latencies;
use crate::targets::{Target, Targets};
use crate::{HOST, Outcome};

/// What is read of a socket at once. Of a long body no more than this is ever kept.
const BUFFER: usize = 128 * 1024;

/// More fields than any of the servers sends.
const FIELDS_MAX: usize = 64;

/// What was seen while the clients asked.
#[derive(Debug)]
pub struct Measured {
    /// Answers per second.
    pub per_second: f64,
    /// From the first byte of each request to the last of its answer.
    pub latencies: Latencies,
    /// The share of the time in which the clients computed.
    pub clients_busy: f64,
}

/// Asks for `targets` until the time is over or there are no more; without a time until there are
/// no more.
///
/// # Errors
/// Where a server hangs up, or answers with anything but a 200 and its length.
pub fn ask(
    address: SocketAddr,
    connections: usize,
    targets: &Rc<RefCell<Targets>>,
    time: Option<Duration>,
) -> Outcome<Measured> {
    local(async move {
        let mut clients = Vec::new();
        for _ in 0..connections {
            clients.push(Client::connect(address).await?);
        }
        let (me, latencies) = (Busy::of_this_thread(), Rc::new(RefCell::new(Latencies::new()?)));
        let (start, busy) = (Instant::now(), me.seconds());
        let end = time.map(|time| start + time);
        let running: Vec<_> = clients
            .into_iter()
            .map(|client| {
                let (targets, latencies) = (Rc::clone(targets), Rc::clone(&latencies));
                tokio::task::spawn_local(client.ask_until(end, targets, latencies))
            })
            .collect();
        for client in running {
            client.await??;
        }
        let seconds = start.elapsed().as_secs_f64();
        let latencies = latencies.borrow_mut().take();
        Ok(Measured {
            per_second: latencies.count() / seconds,
            latencies,
            clients_busy: (me.seconds() - busy) / seconds,
        })
    })
}

/// One answer, kept whole.
///
/// # Errors
/// As [`ask`].
pub fn one(address: SocketAddr, target: Target) -> Outcome<Answer> {
    local(async move {
        let mut client = Client::connect(address).await?;
        let mut whole = Vec::new();
        let head = client.ask(target, |bytes| whole.extend_from_slice(bytes)).await?;
        Answer::parse(std::str::from_utf8(&whole[..head])?, &whole[head..])
    })
}

fn local<T>(work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, work)
}

struct Client {
    stream: TcpStream,
    request: Vec<u8>,
    buffer: Vec<u8>,
}

impl Client {
    async fn connect(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, request: Vec::new(), buffer: vec![0; BUFFER] })
    }

    async fn ask_until(
        mut self,
        end: Option<Instant>,
        targets: Rc<RefCell<Targets>>,
        latencies: Rc<RefCell<Latencies>>,
    ) -> Outcome<()> {
        loop {
            let start = Instant::now();
            let target = targets.borrow_mut().next();
            let Some(target) = target.filter(|_| end.is_none_or(|end| start < end)) else {
                return Ok(());
            };
            self.ask(target, |_| ()).await?;
            latencies.borrow_mut().add(start.elapsed());
        }
    }

    /// Asks once and gives the answer's bytes away as they come; returns how long the head was.
    async fn ask(&mut self, target: Target, mut seen: impl FnMut(&[u8])) -> Outcome<usize> {
        self.request.clear();
        write!(self.request, "GET {target} HTTP/1.1\r\nHost: {HOST}\r\n\r\n")?;
        self.stream.write_all(&self.request).await?;
        let (mut filled, (head, length)) = self.head().await?;
        seen(&self.buffer[..filled]);
        let mut left = (head + length).checked_sub(filled).ok_or("more than one answer came")?;
        while left > 0 {
            filled = self.stream.read(&mut self.buffer).await?;
            seen(&self.buffer[..filled]);
            left = left.checked_sub(filled).filter(|_| filled > 0).ok_or(BROKEN)?;
        }
        Ok(head)
    }

    /// Reads until the head is there: how much has come, the head's length and the body's.
    async fn head(&mut self) -> Outcome<(usize, (usize, usize))> {
        let mut filled = 0;
        loop {
            let came = self.stream.read(&mut self.buffer[filled..]).await?;
            filled += came;
            if came == 0 {
                return Err(BROKEN.into());
            }
            if let Some(lengths) = lengths(&self.buffer[..filled])? {
                return Ok((filled, lengths));
            }
        }
    }
}

const BROKEN: &str = "the server hung up in the middle of an answer";

fn lengths(bytes: &[u8]) -> Outcome<Option<(usize, usize)>> {
    let mut fields = [httparse::EMPTY_HEADER; FIELDS_MAX];
    let mut response = httparse::Response::new(&mut fields);
    let httparse::Status::Complete(head) = response.parse(bytes)? else { return Ok(None) };
    if response.code != Some(200) {
        return Err(format!("not a 200: {:?} {:?}", response.code, response.reason).into());
    }
    let mut fields = response.headers.iter();
    let length = fields.find(|field| field.name.eq_ignore_ascii_case("content-length"));
    let length = length.ok_or("an answer without `Content-Length`")?.value;
    Ok(Some((head, std::str::from_utf8(length)?.trim().parse()?)))
}
