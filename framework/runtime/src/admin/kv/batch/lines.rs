//! A body as lines, one at a time. A line that is longer than any item is passed over and said to be so.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use selvedge::http::broken;
use selvedge_model::limits::{KV_KEY_MAX, KV_METADATA_MAX, KV_VALUE_MAX};

use crate::admin::wire::{Failed, failed::Kind};

/// JSON writes a byte with at most so many characters.
const ESCAPED: usize = 6;

/// The largest value in base64, the longest key and metadata, the field names and then some.
pub(super) const LINE_MAX: usize =
    KV_VALUE_MAX.div_ceil(3) * 4 + (KV_KEY_MAX + KV_METADATA_MAX) * ESCAPED + 1024;

/// What stands between two line feeds.
pub(super) enum Line {
    /// Something.
    Text(Bytes),
    /// Nothing, or space.
    Empty,
    /// More than any item needs.
    TooLong,
}

/// The lines of a body.
pub(super) struct Lines {
    body: Body,
    buffer: BytesMut,
    /// How much of the buffer has been looked at.
    seen: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// A line is being gathered.
    Gathering,
    /// Everything up to the next line feed is dropped.
    Dropping,
    /// The body has ended.
    Ended,
}

impl Lines {
    pub(super) fn of(body: Body) -> Self {
        Self { body, buffer: BytesMut::new(), seen: 0, state: State::Gathering }
    }

    /// The next line; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Line>, Failed> {
        loop {
            if let Some(line) = self.buffered() {
                return Ok(Some(line));
            }
            if self.state == State::Ended {
                return Ok(self.rest());
            }
            self.drop_what_is_too_long();
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    self.buffer.extend_from_slice(&frame.into_data().unwrap_or_default())
                }
                Some(Err(cause)) => return Err(broken("a batch", cause).into()),
                None if self.state == State::Dropping => {
                    self.state = State::Ended;
                    return Ok(Some(Line::TooLong));
                }
                None => self.state = State::Ended,
            }
        }
    }

    fn buffered(&mut self) -> Option<Line> {
        let unseen = self.buffer.get(self.seen..).unwrap_or_default();
        let Some(end) = unseen.iter().position(|byte| *byte == b'\n') else {
            self.seen = self.buffer.len();
            return None;
        };
        let line = self.buffer.split_to(self.seen + end + 1).freeze();
        self.seen = 0;
        match self.state {
            State::Dropping => {
                self.state = State::Gathering;
                Some(Line::TooLong)
            }
            _ => Some(Line::of(line)),
        }
    }

    fn drop_what_is_too_long(&mut self) {
        if self.state == State::Dropping || self.buffer.len() > LINE_MAX {
            self.state = State::Dropping;
            self.buffer = BytesMut::new();
            self.seen = 0;
        }
    }

    /// The last line needs no line feed.
    fn rest(&mut self) -> Option<Line> {
        let rest = self.buffer.split().freeze();
        self.seen = 0;
        (!rest.is_empty()).then(|| Line::of(rest))
    }
}

impl Line {
    fn of(bytes: Bytes) -> Self {
        match bytes.trim_ascii().is_empty() {
            true => Self::Empty,
            false if bytes.len() > LINE_MAX => Self::TooLong,
            false => Self::Text(bytes),
        }
    }
}

/// Why such a line was not written.
pub(super) fn too_long() -> Failed {
    let detail = format!("the line is longer than an item of {KV_VALUE_MAX} bytes can be");
    Failed::new(Kind::TooLarge, detail)
}
