//! The demo origin, as a process: it must say in time that it is ready.

use std::process::Command;
use std::time::{Duration, Instant};

use super::child::Server;
use super::core::Event;
use super::made::Made;
use crate::failure::Outcome;

/// How long it may take to say that it is ready.
const PATIENCE: Duration = Duration::from_secs(10);

/// The line by which it says so.
const READY: &str = "origin on http://";

/// A demo origin that was started.
pub(super) struct Origin {
    server: Server,
    made: Made,
    /// Until when it must be ready; nothing once it was.
    deadline: Option<Instant>,
}

impl Origin {
    pub(super) fn start(mut command: Command, made: Made) -> Outcome<Self> {
        let server = Server::start(&mut command, READY)?;
        Ok(Self { server, made, deadline: Some(Instant::now() + PATIENCE) })
    }

    /// Whether it was made of this.
    pub(super) fn is_made(&self, made: &Made) -> bool {
        self.made == *made
    }

    pub(super) fn is_ready(&self) -> bool {
        self.deadline.is_none()
    }

    /// What became of it since the last question. After its end there is nothing left but to stop it.
    pub(super) fn news(&mut self) -> Option<Event> {
        if self.server.got_ready() {
            self.deadline = None;
            return Some(Event::OriginReady);
        }
        let why = match self.server.ended() {
            Some(status) => status.to_string(),
            None if self.deadline.is_some_and(|at| at < Instant::now()) => {
                format!("it did not print `{READY}...` within {PATIENCE:?}")
            }
            None => return None,
        };
        Some(Event::OriginEnded(why))
    }

    pub(super) fn stop(mut self) {
        self.server.stop();
    }
}
