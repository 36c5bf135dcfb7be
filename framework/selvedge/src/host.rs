//! The seam between handlers and what runs them: one method per platform act.
//!
//! Behind it stand the native runtime, the testkit (through the runtime), and for wasm `fastly`. Handlers do not call it; bindings do. Links and backends are named as the service
//! version names them, never by resource id.

#[cfg(all(target_arch = "wasm32", target_os = "wasi"))]
pub mod fastly;
mod object;

use std::{
    future::{Future, ready},
    net::IpAddr,
    pin::Pin,
};

use crate::{
    After, Body, Error, Place, Refusal, Request, Response, Result,
    chain::{InboundToken, Verified},
    model::{
        key::{KvKey, SurrogateKey},
        need::ChainStores,
    },
    purge::{PurgeId, PurgeMode},
    store::{
        acl::AclMatch,
        kv::{KvEntry, KvHead, KvPage, KvQuery, KvRoom, KvWrite},
        secret::Secret,
    },
};

pub use self::object::{
    FoundObject, Inserted, Looked, LookupKind, ObjectFacts, ObjectOptions, ObjectQuery,
    ObjectRange, ObjectWriter, Obligation, ReplaceStrategy,
};

/// A future that a host hands out.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a service version can do, for one request at one place.
pub trait Host: Send + Sync + 'static {
    /// Where this request is being handled.
    fn place(&self) -> &Place;

    /// Milliseconds since the Unix epoch.
    fn now_ms(&self) -> u64;

    /// Sends a request to a backend, through the cache as the request's [`Cache`](crate::Cache)
    /// says. Fails only where no response was received: an error status is a response.
    fn send<'a>(&'a self, backend: &'a str, request: Request) -> BoxFuture<'a, Result<Response>>;

    /// Purges this service's objects that carry at least one of these keys, in every POP.
    fn purge<'a>(
        &'a self,
        keys: &'a [SurrogateKey],
        mode: PurgeMode,
    ) -> BoxFuture<'a, Result<PurgeId>>;

    /// Looks an object of this service up that code has stored.
    fn object_lookup<'a>(
        &'a self,
        query: ObjectQuery,
        kind: LookupKind,
    ) -> BoxFuture<'a, Result<Looked>>;

    /// Stores such an object, whatever others do. It is found once its body is complete.
    fn object_insert<'a>(
        &'a self,
        query: ObjectQuery,
        options: ObjectOptions,
    ) -> BoxFuture<'a, Result<Inserted>>;

    /// Where work is left that begins when this request's response has been sent.
    fn after(&self) -> After;

    /// Reads a KV item; `None` where there is none.
    fn kv_get<'a>(
        &'a self,
        link: &'a str,
        key: &'a KvKey,
    ) -> BoxFuture<'a, Result<Option<KvEntry>>>;

    /// Reads a KV item as a body, of which no more is in memory than the host can help; `None` where there is none.
    fn kv_body<'a>(
        &'a self,
        link: &'a str,
        key: &'a KvKey,
    ) -> BoxFuture<'a, Result<Option<(KvHead, Body)>>> {
        let entry = self.kv_get(link, key);
        Box::pin(async move {
            Ok(entry.await?.map(|KvEntry { head, value }| (head, value.into_body())))
        })
    }

    /// Waits for room for a value of so many bytes, before it is held whole to be written; the write carries it. A host
    /// that does not count what is under way gives none.
    ///
    /// # Errors
    /// [`Refusal::TooManyRequests`] where none came free in time.
    fn kv_room(&self, _bytes: usize) -> BoxFuture<'_, Result<KvRoom>> {
        Box::pin(ready(Ok(KvRoom::default())))
    }

    /// Writes a KV item, durably, and returns its new generation; 0 where the platform does not tell it.
    fn kv_put<'a>(
        &'a self,
        link: &'a str,
        key: &'a KvKey,
        write: KvWrite,
    ) -> BoxFuture<'a, Result<u64>>;

    /// Deletes a KV item; `false` where there was none. With a generation, only that one.
    fn kv_delete<'a>(
        &'a self,
        link: &'a str,
        key: &'a KvKey,
        if_generation: Option<u64>,
    ) -> BoxFuture<'a, Result<bool>>;

    /// Lists keys in byte order, a page at a time.
    fn kv_list<'a>(&'a self, link: &'a str, query: KvQuery) -> BoxFuture<'a, Result<KvPage>>;

    /// Reads a config item; `None` where there is none.
    ///
    /// # Errors
    /// [`Refusal::LinkUnknown`] where the service has no such link.
    fn config_get(&self, link: &str, key: &str) -> Result<Option<String>>;

    /// Reads a secret; `None` where there is none.
    ///
    /// # Errors
    /// [`Refusal::LinkUnknown`] where the service has no such link.
    fn secret_get(&self, link: &str, key: &str) -> Result<Option<Secret>>;

    /// Finds an address in an ACL; `None` where no entry has it. A host without ACLs has no links to any.
    ///
    /// # Errors
    /// [`Refusal::LinkUnknown`] where the service has no such link.
    fn acl_lookup(&self, link: &str, _address: IpAddr) -> Result<Option<AclMatch>> {
        Err(Error::new(Refusal::LinkUnknown, format!("there are no ACLs here, so no `{link}`")))
    }

    /// Checks the chain token that a request came with, and what it says; `None` where that was done before. Which modes
    /// are accepted is the service version's setting.
    ///
    /// # Errors
    /// A refusal of [`chain::verify`](crate::chain::verify); [`Refusal::ChainTokenReplayed`](crate::Refusal) or
    /// [`Refusal::ChainNoncesFull`](crate::Refusal) for a one-time token;
    /// [`Refusal::LinkUnknown`] where the service has no such links.
    fn chain_admit(&self, stores: ChainStores, token: &InboundToken) -> Result<Option<Verified>>;

    /// Runs a handler that is a plain `fn`, where it stalls nobody by blocking, to its end, also
    /// when the future is dropped. A panic of the work is a panic of the future.
    fn run_plain(&self, work: Box<dyn FnOnce() + Send>) -> BoxFuture<'static, ()>;

    /// Writes a line to the service's log.
    fn log(&self, line: &str);

    /// Code has used a binding that its handler does not declare, and is refused it. A test fails by it, whatever code
    /// makes of the refusal; nobody else needs to know.
    fn undeclared(&self, _refused: &Error) {}
}
