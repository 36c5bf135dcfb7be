//! The handle of a linked KV store.

use std::{fmt, marker::PhantomData, sync::Arc};

use super::{AnyKey, Codec, Delete, KeyFor, KvEntry, List, Put, Raw, act::Content};
use crate::{Body, Ctx, Error, Host, Refusal, Result, model::key::KvKey};

/// A linked KV store with values in the form `C` and keys in the form `F`, which is [`AnyKey`] or
/// [`Typed`](super::Typed): what a `#[kv_store("link")]` struct derefs to.
pub struct KvStore<C: Codec = Raw, F = AnyKey> {
    pub(super) host: Arc<dyn Host>,
    pub(super) link: &'static str,
    forms: PhantomData<fn() -> (C, F)>,
}

/// A value with what the store knows about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The value.
    pub value: T,
    /// Grows with every write of the key; give it to [`Put::if_generation`] to write only over
    /// this one.
    pub generation: u64,
    /// The metadata that the last write carried; empty if it carried none.
    pub metadata: String,
}

impl<C: Codec, F> KvStore<C, F> {
    pub(crate) fn open(ctx: &Ctx, link: &'static str) -> Self {
        Self { host: ctx.host().clone(), link, forms: PhantomData }
    }

    /// Reads a value; `None` where there is none.
    ///
    /// # Errors
    /// [`Refusal::KeyInvalid`]; [`Refusal::ItemUnparsable`] where the stored bytes are not of the
    /// form `C`; [`Refusal::TooManyRequests`] where no memory came free for a large one; [`Refusal::StoreFailed`].
    pub fn get(
        &self,
        key: impl KeyFor<F>,
    ) -> impl Future<Output = Result<Option<C::Value>>> + Send {
        let item = self.get_with_generation(key);
        async move { Ok(item.await?.map(|item| item.value)) }
    }

    /// Reads a value with its generation and metadata; `None` where there is none.
    ///
    /// # Errors
    /// As [`KvStore::get`].
    // Not an `async fn`: the future must not hold the caller's key, which need not be `Send`.
    pub fn get_with_generation(
        &self,
        key: impl KeyFor<F>,
    ) -> impl Future<Output = Result<Option<Versioned<C::Value>>>> + Send {
        let key = self.key(key);
        async move {
            let key = key?;
            let entry = self.host.kv_get(self.link, &key).await?;
            entry.map(|entry| self.decode(&key, entry)).transpose()
        }
    }

    /// Writes a value: `store.put(key, &value).await?` gives its generation. The returned builder
    /// can say more before it is awaited.
    pub fn put(&self, key: impl KeyFor<F>, value: &C::Value) -> Put {
        let key = self.key(key);
        let value = C::encode(value).map_err(|cause| {
            let detail = format!("a value for KV store `{}` cannot be written", self.link);
            Error::new(Refusal::HandlerFailed, detail).because(cause)
        });
        let content = Content::Value(value.map(Into::into));
        Put::new(self.host.clone(), self.link, key, content)
    }

    /// Reads a value as a body, in whatever form it is; `None` where there is none. A large one is read part by part, at the
    /// pace of whoever reads the body, which breaks off where the value cannot be read to its end.
    ///
    /// # Errors
    /// [`Refusal::KeyInvalid`]; [`Refusal::StoreFailed`].
    // Not an `async fn`, as `get_with_generation`.
    pub fn get_body(
        &self,
        key: impl KeyFor<F>,
    ) -> impl Future<Output = Result<Option<Versioned<Body>>>> + Send {
        let key = self.key(key);
        async move {
            let found = self.host.kv_body(self.link, &key?).await?;
            Ok(found.map(|(head, value)| Versioned {
                value,
                generation: head.generation,
                metadata: head.metadata,
            }))
        }
    }

    /// Writes a body as it is, which must know its length: `store.put_body(key, request.into_body()).await?`. It is read
    /// when the write is awaited, and nothing is written unless all of it came.
    pub fn put_body(&self, key: impl KeyFor<F>, body: Body) -> Put {
        Put::new(self.host.clone(), self.link, self.key(key), Content::Body(body))
    }

    /// Deletes an item: `store.delete(key).await?` says whether there was one.
    pub fn delete(&self, key: impl KeyFor<F>) -> Delete {
        Delete::new(self.host.clone(), self.link, self.key(key))
    }

    /// Lists keys in byte order: `store.list().await?` gives the first page.
    pub fn list(&self) -> List {
        List::new(self.host.clone(), self.link)
    }

    /// The name of the link.
    #[must_use]
    pub fn link(&self) -> &'static str {
        self.link
    }

    fn key(&self, key: impl KeyFor<F>) -> Result<KvKey> {
        KvKey::new(key.text()).map_err(|cause| {
            let detail = format!("KV store `{}`: {cause}", self.link);
            Error::new(Refusal::KeyInvalid, detail).because(cause)
        })
    }

    fn decode(&self, key: &KvKey, entry: KvEntry) -> Result<Versioned<C::Value>> {
        let KvEntry { head, value } = entry;
        match C::decode(value.into_bytes()) {
            Ok(value) => {
                Ok(Versioned { value, generation: head.generation, metadata: head.metadata })
            }
            Err(cause) => {
                let detail = format!("`{key}` in KV store `{}`", self.link);
                Err(Error::new(Refusal::ItemUnparsable, detail).because(cause))
            }
        }
    }
}

impl<C: Codec, F> Clone for KvStore<C, F> {
    fn clone(&self) -> Self {
        Self { host: self.host.clone(), link: self.link, forms: PhantomData }
    }
}

impl<C: Codec, F> fmt::Debug for KvStore<C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KvStore").field("link", &self.link).finish_non_exhaustive()
    }
}
