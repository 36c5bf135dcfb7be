//! The clients: keep-alive connections, each with one request on its way, from one thread.
//!
//! They write and read plain bytes and wait for all of their sockets at once, so that the measurement is of the servers and
//! not of a client library, and the same clients ask every server. Each asks again as soon as it is answered: with `n`
//! connections the mean latency is `n` over the throughput, whoever serves.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::answer::Answer;
use crate::cores::Busy;
use crate::samples::Latencies;
use crate::targets::{Target, Targets};

mod client;
mod crowd;
mod head;

use self::client::{BUFFER, Client};
use self::crowd::Crowd;

/// What the clients do while nothing has come for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    /// They leave their core to others. To wake them is work, and the server whose answer it is does it.
    Sleep,
    /// They look again: on a core that nobody else needs, so that a server only serves.
    Spin,
}

/// What was seen while the clients asked.
#[derive(Debug)]
pub struct Measured {
    /// Answers per second.
    pub per_second: f64,
    /// From the first byte of each request to the last of its answer.
    pub latencies: Latencies,
    /// The share of the time in which the clients computed, or looked for what may have come.
    pub clients_busy: f64,
}

/// Asks for `targets` until the time is over or there are no more; without a time until there are no more.
///
/// # Errors
/// Where a server hangs up, or answers with anything but a 200 and its length.
pub fn ask(
    address: SocketAddr,
    connections: usize,
    targets: &mut Targets,
    time: Option<Duration>,
    idle: Idle,
) -> Outcome<Measured> {
    let mut crowd = Crowd::connect(address, connections)?;
    let (me, mut latencies) = (Busy::of_this_thread(), Latencies::new()?);
    let (start, busy) = (Instant::now(), me.seconds());
    let end = time.map(|time| start + time);
    let mut next = |now| targets.next().filter(|_| end.is_none_or(|end| now < end));
    crowd.ask_for_all(&mut next, |latency| latencies.add(latency), idle)?;
    let seconds = start.elapsed().as_secs_f64();
    Ok(Measured {
        per_second: latencies.count() / seconds,
        latencies,
        clients_busy: (me.seconds() - busy) / seconds,
    })
}

/// One answer, kept whole.
///
/// # Errors
/// As [`ask`].
pub fn one(address: SocketAddr, target: Target) -> Outcome<Answer> {
    let mut client = Client::connect(address)?;
    client.ask(target, Instant::now())?;
    let (mut whole, mut buffer) = (Vec::new(), vec![0; BUFFER]);
    while !client.receive(&mut buffer, |bytes| whole.extend_from_slice(bytes))? {}
    let (head, _) = head::lengths(&whole)?.ok_or(client::BROKEN)?;
    Answer::parse(std::str::from_utf8(&whole[..head])?, &whole[head..])
}
