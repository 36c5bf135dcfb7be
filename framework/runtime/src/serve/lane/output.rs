//! Answers of the lane on their way to the client.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::AsyncWrite;

/// What is kept for the next answers of a connection, in bytes.
const KEPT: usize = 4 * 1024;

/// Bytes on their way out.
#[derive(Default)]
pub(super) struct Output {
    pub(super) bytes: Vec<u8>,
    written: usize,
}

impl Output {
    /// Writes all of them.
    pub(super) fn poll_write<T: AsyncWrite>(
        &mut self,
        mut io: Pin<&mut T>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while let Some(rest) = self.bytes.get(self.written..).filter(|rest| !rest.is_empty()) {
            match ready!(io.as_mut().poll_write(cx, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.written += written,
            }
        }
        self.bytes.clear();
        self.bytes.shrink_to(KEPT);
        self.written = 0;
        Poll::Ready(Ok(()))
    }
}
