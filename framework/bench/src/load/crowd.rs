//! All clients of a server, and the thread that looks after them.

use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::Timespec;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};

use super::Idle;
use super::client::{BUFFER, Client};
use crate::Outcome;
use crate::targets::Target;

/// Clients, and what tells which of them has something to read.
pub(super) struct Crowd {
    clients: Vec<Client>,
    told: OwnedFd,
}

impl Crowd {
    pub(super) fn connect(address: SocketAddr, connections: usize) -> Outcome<Self> {
        let told = epoll::create(CreateFlags::CLOEXEC)?;
        let mut clients = Vec::new();
        for number in 0..connections {
            let client = Client::without_waiting(address)?;
            // An answer is read until it is whole, so once is enough to be told of it.
            let when = EventFlags::IN | EventFlags::ET;
            epoll::add(&told, &client, EventData::new_u64(number as u64), when)?;
            clients.push(client);
        }
        Ok(Self { clients, told })
    }

    /// Has each client ask for what `next` hands out until that has no more, and tells how long each answer took.
    pub(super) fn ask_for_all(
        &mut self,
        next: &mut dyn FnMut(Instant) -> Option<Target>,
        mut answered: impl FnMut(Duration),
        idle: Idle,
    ) -> Outcome<()> {
        let (mut buffer, mut events) = (vec![0; BUFFER], Vec::with_capacity(self.clients.len()));
        let mut under_way = 0;
        for client in &mut self.clients {
            under_way += usize::from(asks_again(client, Instant::now(), next)?);
        }
        while under_way > 0 {
            for event in self.came(&mut events, idle)? {
                let number = usize::try_from(event.data.u64())?;
                let client = self.clients.get_mut(number).ok_or("an event of no client")?;
                if client.receive(&mut buffer, |_| ())? {
                    let now = Instant::now();
                    answered(now.duration_since(client.asked()));
                    under_way -= usize::from(!asks_again(client, now, next)?);
                }
            }
        }
        Ok(())
    }

    /// Those for whom something has come.
    fn came<'a>(&self, events: &'a mut Vec<Event>, idle: Idle) -> Outcome<&'a [Event]> {
        const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
        events.clear();
        let patience = (idle == Idle::Spin).then_some(&AT_ONCE);
        match epoll::wait(&self.told, spare_capacity(events), patience) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(events),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether there was something left to ask for.
fn asks_again(
    client: &mut Client,
    now: Instant,
    next: &mut dyn FnMut(Instant) -> Option<Target>,
) -> Outcome<bool> {
    let target = next(now);
    target.map(|target| client.ask(target, now)).transpose().map(|asked| asked.is_some())
}
