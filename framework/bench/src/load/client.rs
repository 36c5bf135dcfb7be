//! One connection: what it has asked for, and how much of the answer is still to come.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Instant;

use super::head;
use crate::targets::Target;
use crate::{HOST, Outcome};

/// What is read of a socket at once. Of a long body no more than this is ever kept.
pub(super) const BUFFER: usize = 128 * 1024;

/// A server that closes a connection while an answer is due.
pub(super) const BROKEN: &str = "the server hung up in the middle of an answer";

/// A client of a server.
pub(super) struct Client {
    stream: TcpStream,
    request: Vec<u8>,
    asked: Instant,
    /// The beginning of an answer whose head has not come as a whole.
    begun: Vec<u8>,
    /// What is to come of an answer whose head has, in bytes.
    left: Option<usize>,
}

impl Client {
    /// One whose reads wait.
    pub(super) fn connect(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let (request, begun) = (Vec::new(), Vec::new());
        Ok(Self { stream, request, asked: Instant::now(), begun, left: None })
    }

    /// One that is told when there is something to read.
    pub(super) fn without_waiting(address: SocketAddr) -> Outcome<Self> {
        let client = Self::connect(address)?;
        client.stream.set_nonblocking(true)?;
        Ok(client)
    }

    /// When it asked for what it waits for.
    pub(super) fn asked(&self) -> Instant {
        self.asked
    }

    /// Sends a request, which is so short that a socket always has room for it.
    pub(super) fn ask(&mut self, target: Target, now: Instant) -> Outcome<()> {
        self.request.clear();
        write!(self.request, "GET {target} HTTP/1.1\r\nHost: {HOST}\r\n\r\n")?;
        self.asked = now;
        Ok(self.stream.write_all(&self.request)?)
    }

    /// Reads what has come, through `buffer`; whether that was the rest of the answer.
    pub(super) fn receive(
        &mut self,
        buffer: &mut [u8],
        mut seen: impl FnMut(&[u8]),
    ) -> Outcome<bool> {
        loop {
            let came = match self.stream.read(buffer) {
                Ok(0) => return Err(BROKEN.into()),
                Ok(came) => came,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error.into()),
            };
            seen(&buffer[..came]);
            if self.is_answered_by(&buffer[..came])? {
                return Ok(true);
            }
        }
    }

    fn is_answered_by(&mut self, came: &[u8]) -> Outcome<bool> {
        let Some(left) = self.left_with(came)? else { return Ok(false) };
        let left = left.checked_sub(came.len()).ok_or("more than one answer came")?;
        self.left = (left > 0).then_some(left);
        Ok(left == 0)
    }

    /// What was to come of the answer before these bytes came; `None` while its head does not say so.
    fn left_with(&mut self, came: &[u8]) -> Outcome<Option<usize>> {
        if self.left.is_some() {
            return Ok(self.left);
        }
        let before = self.begun.len();
        if before == 0
            && let Some((head, body)) = head::lengths(came)?
        {
            return Ok(Some(head + body));
        }
        self.begun.extend_from_slice(came);
        let Some((head, body)) = head::lengths(&self.begun)? else { return Ok(None) };
        self.begun.clear();
        Ok(Some(head + body - before))
    }
}

impl AsFd for Client {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}

#[cfg(test)]
mod tests;
