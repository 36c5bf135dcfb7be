//! Writes, deletes and listings that can say more before they are awaited.

use std::{future::IntoFuture, sync::Arc, time::Duration};

use bytes::Bytes;

use super::{InsertMode, KvPage, KvQuery, KvWrite};
use crate::{
    Error, Host, Refusal, Result,
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
/// generation; [`Refusal::TooManyRequests`]; [`Refusal::StoreFailed`].
#[must_use = "nothing is written until it is awaited"]
pub struct Put {
    host: Arc<dyn Host>,
    link: &'static str,
    key: Result<KvKey>,
    value: Result<Bytes>,
    rest: KvWrite,
}

impl Put {
    pub(super) fn new(
        host: Arc<dyn Host>,
        link: &'static str,
        key: Result<KvKey>,
        value: Result<Bytes>,
    ) -> Self {
        Self { host, link, key, value, rest: KvWrite::default() }
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

    fn checked(self) -> Result<(Arc<dyn Host>, &'static str, KvKey, KvWrite)> {
        let Self { host, link, key, value, rest } = self;
        let write = KvWrite { value: value?, ..rest };
        check_size(link, "a value", write.value.len(), KV_VALUE_MAX)?;
        check_size(
            link,
            "metadata",
            write.metadata.as_ref().map_or(0, String::len),
            KV_METADATA_MAX,
        )?;
        Ok((host, link, key?, write))
    }
}

impl IntoFuture for Put {
    type Output = Result<u64>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let checked = self.checked();
        Box::pin(async move {
            let (host, link, key, write) = checked?;
            host.kv_put(link, &key, write).await
        })
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

/// A listing that happens when it is awaited. Gives one page.
///
/// # Errors
/// [`Refusal::KeyInvalid`] for a cursor that no page gave; [`Refusal::StoreFailed`].
#[must_use = "nothing is listed until it is awaited"]
pub struct List {
    host: Arc<dyn Host>,
    link: &'static str,
    query: KvQuery,
}

impl List {
    pub(super) fn new(host: Arc<dyn Host>, link: &'static str) -> Self {
        Self { host, link, query: KvQuery::default() }
    }

    /// Only keys that start with this.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.query.prefix = prefix.into();
        self
    }

    /// At most so many keys a page.
    pub fn limit(mut self, limit: usize) -> Self {
        self.query.limit = Some(limit);
        self
    }

    /// Goes on where another page ended: its [`KvPage::next_cursor`].
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.query.cursor = Some(cursor.into());
        self
    }
}

impl IntoFuture for List {
    type Output = Result<KvPage>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.host.kv_list(self.link, self.query).await })
    }
}
