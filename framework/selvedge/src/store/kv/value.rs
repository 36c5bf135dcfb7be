//! A KV value as the list of chunks in which it came or lay, so that 25 MiB are held once and copied nowhere.
//!
//! Small chunks are gathered into larger ones: a body of single bytes must not cost a list entry each, nor a few bytes pin
//! the buffer that they were read into.

mod frames;

use std::{fmt, mem, sync::Arc};

use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use http_body_util::BodyExt as _;

use self::frames::{Frames, InRoom};
use super::KvRoom;
use crate::{Body, Error, Refusal, Result, http::broken};

/// Chunks below this are copied together; above it a copy costs more than the entry.
const SMALL: usize = 16 * 1024;

/// How much is copied together into one chunk.
const GATHERED: usize = 64 * 1024;

/// A value of a KV store. Clones share the bytes.
#[derive(Clone, Default)]
pub struct KvValue {
    chunks: Chunks,
    len: usize,
    /// What it takes of the host's memory, until the last of it is gone.
    room: KvRoom,
}

#[derive(Clone)]
enum Chunks {
    One(Bytes),
    Many(Arc<[Bytes]>),
}

impl Default for Chunks {
    fn default() -> Self {
        Self::One(Bytes::new())
    }
}

impl KvValue {
    /// Reads a body to its end.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`] as soon as it is known that there are more than `max` bytes, [`Refusal::BodyFailed`] where
    /// it breaks off, [`Refusal::RequestStalled`] where a client says no more of it.
    pub async fn read(mut body: Body, max: usize) -> Result<Self> {
        let least = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        let mut value = KvGather::default();
        within(least, max)?;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|cause| broken("a KV value", cause))?;
            if let Ok(bytes) = frame.into_data() {
                within(value.len().saturating_add(bytes.len()), max)?;
                value.push(bytes);
            }
        }
        Ok(value.finish())
    }

    /// How many bytes it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Its bytes, in order; how they are cut means nothing.
    #[must_use]
    pub fn chunks(&self) -> &[Bytes] {
        match &self.chunks {
            Chunks::One(only) => std::slice::from_ref(only),
            Chunks::Many(chunks) => chunks,
        }
    }

    /// All of it in one piece; a copy unless it has one chunk.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        let whole = match self.chunks {
            Chunks::One(only) => only,
            Chunks::Many(chunks) => {
                let mut whole = BytesMut::with_capacity(self.len);
                chunks.iter().for_each(|chunk| whole.extend_from_slice(chunk));
                whole.freeze()
            }
        };
        match self.room.is_held() {
            true => Bytes::from_owner(InRoom::of(whole, self.room)),
            false => whole,
        }
    }

    /// The same in room that is given back with the last of its bytes.
    #[must_use]
    pub fn held_in(self, room: KvRoom) -> Self {
        Self { room, ..self }
    }

    /// It as a body of known length.
    pub fn into_body(self) -> Body {
        match self.chunks {
            Chunks::Many(chunks) => {
                let left = u64::try_from(self.len).unwrap_or(u64::MAX);
                let chunks = chunks.iter().cloned().collect();
                Body::new(Frames::of(chunks, left, self.room))
            }
            Chunks::One(_) => Body::from(self.into_bytes()),
        }
    }

    /// This value with another one behind it; neither is copied.
    #[must_use]
    pub fn followed_by(&self, next: &Self) -> Self {
        let mut both = KvGather::default();
        let chunks = self.chunks().iter().chain(next.chunks());
        chunks.for_each(|chunk| both.push(chunk.clone()));
        both.finish()
    }
}

fn within(len: usize, max: usize) -> Result<()> {
    if len <= max {
        return Ok(());
    }
    Err(Error::new(Refusal::TooLarge, format!("a KV value of more than {max} bytes")))
}

impl<T: Into<Bytes>> From<T> for KvValue {
    fn from(bytes: T) -> Self {
        let only = bytes.into();
        Self { len: only.len(), chunks: Chunks::One(only), room: KvRoom::default() }
    }
}

/// By content: how it is cut means nothing.
impl PartialEq for KvValue {
    fn eq(&self, other: &Self) -> bool {
        let bytes = |value: &Self| value.chunks().to_vec().into_iter().flatten();
        self.len == other.len && bytes(self).eq(bytes(other))
    }
}

impl Eq for KvValue {}

/// By its length: what customers store is not for logs.
impl fmt::Debug for KvValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KvValue({} bytes)", self.len)
    }
}

/// A value that is coming in.
#[derive(Debug, Default)]
pub struct KvGather {
    done: Vec<Bytes>,
    small: BytesMut,
    len: usize,
}

impl KvGather {
    /// Adds the next bytes.
    pub fn push(&mut self, bytes: Bytes) {
        self.len = self.len.saturating_add(bytes.len());
        if bytes.len() < SMALL {
            self.small.extend_from_slice(&bytes);
            if self.small.len() >= GATHERED {
                self.flush();
            }
        } else {
            self.flush();
            self.done.push(bytes);
        }
    }

    /// How many bytes have come.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether none have come.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What has come.
    #[must_use]
    pub fn finish(mut self) -> KvValue {
        self.flush();
        let chunks = match self.done.as_mut_slice() {
            [] => Chunks::default(),
            [only] => Chunks::One(mem::take(only)),
            _ => Chunks::Many(self.done.into()),
        };
        KvValue { chunks, len: self.len, room: KvRoom::default() }
    }

    fn flush(&mut self) {
        if !self.small.is_empty() {
            self.done.push(mem::take(&mut self.small).freeze());
        }
    }
}

#[cfg(test)]
mod tests;
