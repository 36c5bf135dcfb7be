//! The clients: keep-alive connections that ask for the same page again and again.
//!
//! They write and read plain bytes, so that the measurement is of the servers and not of a client
//! library.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Outcome;
use crate::answer::Answer;
use crate::node::HOST;

/// Answers per second over some time.
pub(crate) fn seconds(address: SocketAddr, connections: usize, time: Duration) -> Outcome<f64> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, async move {
        let count = Rc::new(Cell::new(0_u64));
        let mut clients = Vec::new();
        for _ in 0..connections {
            clients.push((Client::connect(address).await?, Rc::clone(&count)));
        }
        let start = Instant::now();
        let end = start + time;
        let running: Vec<_> = clients
            .into_iter()
            .map(|(client, count)| tokio::task::spawn_local(ask_until(client, count, end)))
            .collect();
        for client in running {
            client.await??;
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of requests is far below 2^52")]
        Ok(count.get() as f64 / start.elapsed().as_secs_f64())
    })
}

/// One answer, kept whole.
pub(crate) fn one(address: SocketAddr) -> Outcome<Answer> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async move {
        let mut client = Client::connect(address).await?;
        let (head, whole) = client.ask().await?;
        Answer::parse(std::str::from_utf8(&client.buffer[..head])?, &client.buffer[head..whole])
    })
}

async fn ask_until(mut client: Client, count: Rc<Cell<u64>>, end: Instant) -> Outcome<()> {
    while Instant::now() < end {
        client.ask().await?;
        count.set(count.get() + 1);
    }
    Ok(())
}

struct Client {
    stream: TcpStream,
    request: String,
    buffer: Vec<u8>,
}

impl Client {
    async fn connect(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let request = format!("GET /page HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
        Ok(Self { stream, request, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Asks once; answers where the head ends in the buffer and where the body ends.
    async fn ask(&mut self) -> Outcome<(usize, usize)> {
        self.stream.write_all(self.request.as_bytes()).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the server hung up in the middle of an answer".into());
            }
            if let Some(ends) = ends(&self.buffer)?
                && self.buffer.len() >= ends.1
            {
                return Ok(ends);
            }
        }
    }
}

fn ends(buffer: &[u8]) -> Outcome<Option<(usize, usize)>> {
    let Some(at) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&buffer[..at])?;
    if !head.starts_with("HTTP/1.1 200") {
        return Err(format!("not a 200: `{}`", head.lines().next().unwrap_or_default()).into());
    }
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .ok_or("an answer without `Content-Length`")?
        .1;
    Ok(Some((at + 4, at + 4 + length.trim().parse::<usize>()?)))
}
