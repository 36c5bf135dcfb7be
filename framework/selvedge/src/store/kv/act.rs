//! Writes and deletes that can say more before they are awaited.

use std::{future::IntoFuture, sync::Arc, time::Duration};

use http_body::Body as _;

use super::{InsertMode, KvValue, KvWrite, Meanwhile};
use crate::{
    Body, Error, Host, Refusal, Result,
    host::BoxFuture,
    model::{
        key::KvKey,
        limits::{KV_METADATA_MAX, KV_VALUE_MAX},
    },
};

/// A write that happens when it is awaited. Gives the item's new generation.
///
/// # Errors
/// [`Refusal::KeyInvalid`]; [`Refusal::TooLarge`] for the value or its metadata;
/// [`Refusal::PreconditionFailed`] where [`Put::add`] met an item or [`Put::if_generation`] another
/// generation; [`Refusal::LengthUnknown`], [`Refusal::BodyFailed`] and [`Refusal::RequestStalled`] for a body; [`Refusal::TooManyRequests`];
/// [`Refusal::StoreFull`]; [`Refusal::StoreFailed`].
#[must_use = "nothing is written until it is awaited"]
pub struct Put {
    host: Arc<dyn Host>,
    link: &'static str,
    key: Result<KvKey>,
    content: Content,
    rest: KvWrite,
}

/// What is to be written.
pub(super) enum Content {
    /// A value that was encoded, or could not be.
    Value(Result<KvValue>),
    /// What comes in when the write is awaited.
    Body(Body),
}

impl Put {
    pub(super) fn new(
        host: Arc<dyn Host>,
        link: &'static str,
        key: Result<KvKey>,
        content: Content,
    ) -> Self {
        Self { host, link, key, content, rest: KvWrite::default() }
    }

    /// Says what to do where the key exists.
    pub fn mode(mut self, mode: InsertMode) -> Self {
        self.rest.mode = mode;
        self
    }

    /// Writes only where the key does not exist.
    pub fn add(self) -> Self {
        self.mode(InsertMode::Add)
    }

    /// Puts the new bytes behind those that are there.
    pub fn append(self) -> Self {
        self.mode(InsertMode::Append)
    }

    /// Puts the new bytes before those that are there.
    pub fn prepend(self) -> Self {
        self.mode(InsertMode::Prepend)
    }

    /// Writes only if this is the item's current generation; 0 means "only if there is none".
    pub fn if_generation(mut self, generation: u64) -> Self {
        self.rest.if_generation = Some(generation);
        self
    }

    /// Stores text beside the value, at most 2000 bytes. A write without it clears what was there.
    pub fn metadata(mut self, metadata: impl Into<String>) -> Self {
        self.rest.metadata = Some(metadata.into());
        self
    }

    /// The item is not served after this time, counted from the write.
    pub fn ttl(mut self, lifetime: Duration) -> Self {
        self.rest.ttl = Some(lifetime);
        self
    }

    /// Lets other places serve the previous value while they fetch this one, so that nobody there waits for it.
    pub fn background_fetch(mut self) -> Self {
        self.rest.meanwhile = Meanwhile::ServePrevious;
        self
    }

    async fn write(self) -> Result<u64> {
        let Self { host, link, key, content, rest } = self;
        let metadata = rest.metadata.as_ref().map_or(0, String::len);
        check_size(link, "metadata", metadata, KV_METADATA_MAX)?;
        let key = key?;
        let bytes = content.length(link)?;
        check_size(link, "a value", bytes, KV_VALUE_MAX)?;
        let room = host.kv_room(bytes).await?;
        let value = content.read().await?;
        host.kv_put(link, &key, KvWrite { value, room, ..rest }).await
    }
}

impl Content {
    /// How many bytes it has, or 0 where reading it says what is wrong.
    fn length(&self, link: &str) -> Result<usize> {
        match self {
            Self::Value(value) => Ok(value.as_ref().map_or(0, KvValue::len)),
            Self::Body(body) => {
                let unknown = || {
                    let detail = format!("a body for KV store `{link}` does not tell its length");
                    Error::new(Refusal::LengthUnknown, detail)
                };
                let bytes = body.size_hint().exact().ok_or_else(unknown)?;
                Ok(usize::try_from(bytes).unwrap_or(usize::MAX))
            }
        }
    }

    async fn read(self) -> Result<KvValue> {
        match self {
            Self::Value(value) => value,
            Self::Body(body) => KvValue::read(body, KV_VALUE_MAX).await,
        }
    }
}

impl IntoFuture for Put {
    type Output = Result<u64>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.write())
    }
}

fn check_size(link: &str, what: &str, size: usize, limit: usize) -> Result<()> {
    if size <= limit {
        return Ok(());
    }
    let detail =
        format!("{what} of {size} bytes for KV store `{link}`; at most {limit} are stored");
    Err(Error::new(Refusal::TooLarge, detail))
}

/// A deletion that happens when it is awaited. Says whether there was an item.
///
/// # Errors
/// [`Refusal::KeyInvalid`]; [`Refusal::PreconditionFailed`] where [`Delete::if_generation`] met
/// another generation; [`Refusal::StoreFailed`].
#[must_use = "nothing is deleted until it is awaited"]
pub struct Delete {
    host: Arc<dyn Host>,
    link: &'static str,
    key: Result<KvKey>,
    if_generation: Option<u64>,
}

impl Delete {
    pub(super) fn new(host: Arc<dyn Host>, link: &'static str, key: Result<KvKey>) -> Self {
        Self { host, link, key, if_generation: None }
    }

    /// Deletes only if this is the item's current generation.
    pub fn if_generation(mut self, generation: u64) -> Self {
        self.if_generation = Some(generation);
        self
    }
}

impl IntoFuture for Delete {
    type Output = Result<bool>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let key = self.key?;
            self.host.kv_delete(self.link, &key, self.if_generation).await
        })
    }
}
