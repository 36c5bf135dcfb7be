//! An item found: what is known of it, and its value, as little of it as possible in memory.
//!
//! A value that lies in one part comes at once. A larger one comes part by part, when whoever reads it wants the next one,
//! so a slow reader holds a part and not a value. It comes whole and of one generation, or ends in an error.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Bytes, BytesMut};
use futures_util::stream::{BoxStream, Stream, TryStreamExt};
use http_body::{Frame, SizeHint};
use selvedge::{
    Body, Error, Refusal, Result,
    store::kv::{KvEntry, KvHead, KvRoom, KvValue},
};

/// An item, of whose value little has been read.
#[derive(Debug)]
pub struct KvFound {
    /// What is known of it.
    pub head: KvHead,
    /// Its value.
    pub value: KvSource,
}

/// Where a value comes from.
pub enum KvSource {
    /// It is in memory.
    Whole(KvValue),
    /// It comes in parts. Nothing of it has been read.
    Parts(BoxStream<'static, Result<Bytes>>),
}

impl KvFound {
    /// The value as a body of known length.
    pub fn into_body(self) -> (KvHead, Body) {
        let Self { head, value } = self;
        let body = match value {
            KvSource::Whole(value) => value.into_body(),
            KvSource::Parts(parts) => Body::new(Coming { parts, left: head.length }),
        };
        (head, body)
    }

    /// All of it in memory, in this room.
    ///
    /// # Errors
    /// [`Refusal::StoreFailed`] where it cannot be read to its end.
    pub async fn into_entry(self, room: KvRoom) -> Result<KvEntry> {
        let Self { head, value } = self;
        let value = match value {
            KvSource::Whole(value) => value,
            KvSource::Parts(parts) => whole(parts, head.length).await?.held_in(room),
        };
        Ok(KvEntry { head, value })
    }
}

impl From<KvEntry> for KvFound {
    fn from(KvEntry { head, value }: KvEntry) -> Self {
        Self { head, value: KvSource::Whole(value) }
    }
}

/// By its kind: what customers store is not for logs.
impl fmt::Debug for KvSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(value) => value.fmt(f),
            Self::Parts(_) => f.write_str("KvValue(in parts)"),
        }
    }
}

/// In one piece, so that nobody has to put it together once more.
async fn whole(parts: BoxStream<'static, Result<Bytes>>, length: u64) -> Result<KvValue> {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let gather = async |mut value: BytesMut, part: Bytes| {
        value.extend_from_slice(&part);
        Ok(value)
    };
    let value = parts.try_fold(BytesMut::with_capacity(length), gather).await?;
    match value.len() == length {
        true => Ok(KvValue::from(value.freeze())),
        false => Err(cut_short()),
    }
}

/// Parts as the frames of a body.
struct Coming {
    parts: BoxStream<'static, Result<Bytes>>,
    left: u64,
}

impl http_body::Body for Coming {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let next = ready!(Pin::new(&mut self.parts).poll_next(cx));
        let frame = next.unwrap_or_else(|| Err(cut_short())).map(|part| {
            let bytes = u64::try_from(part.len()).unwrap_or(u64::MAX);
            self.left = self.left.saturating_sub(bytes);
            Frame::data(part)
        });
        Poll::Ready(Some(frame.map_err(|error| axum::Error::new(error.to_string()))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

fn cut_short() -> Error {
    Error::new(Refusal::StoreFailed, "a KV value has not the length that its head tells")
}
