//! The platform's acts as [`Host`] has them.

use std::{
    future::ready,
    net::IpAddr,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use super::{chain, failed, kv, later::Later, send, stores};
use crate::{
    After, Host, Place, Request, Response, Result,
    chain::{InboundToken, Verified},
    host::{BoxFuture, Inserted, Looked, LookupKind, ObjectOptions, ObjectQuery},
    model::{
        key::{KvKey, SurrogateKey},
        need::{ChainStores, Need, NeedKind},
    },
    purge::{PurgeId, PurgeMode},
    store::{
        acl::AclMatch,
        kv::{KvEntry, KvPage, KvQuery, KvWrite},
        secret::Secret,
    },
};

/// The one request of this program.
pub(super) struct Compute {
    place: Place,
    needs: Arc<[Need]>,
    /// What its handler leaves for after the response.
    pub(super) later: Arc<Later>,
}

impl Compute {
    pub(super) fn new(place: Place, needs: Arc<[Need]>) -> Self {
        Self { place, needs, later: Arc::default() }
    }

    /// The stores that the code signs requests to this backend with.
    fn signing(&self, backend: &str) -> Option<ChainStores> {
        self.needs.iter().find_map(|need| match need.kind {
            NeedKind::Backend { chain_auth } if need.name == backend => chain_auth,
            _ => None,
        })
    }

    async fn pass_on(&self, backend: &str, mut request: Request) -> Result<Response> {
        if let Some(links) = self.signing(backend) {
            chain::sign(&self.place.pop, self.now_ms(), links, &mut request)?;
        }
        send::send(backend, request).await
    }
}

impl Host for Compute {
    fn place(&self) -> &Place {
        &self.place
    }

    fn now_ms(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    fn send<'a>(&'a self, backend: &'a str, request: Request) -> BoxFuture<'a, Result<Response>> {
        Box::pin(self.pass_on(backend, request))
    }

    /// The platform names no purge of code.
    fn purge<'a>(
        &'a self,
        keys: &'a [SurrogateKey],
        mode: PurgeMode,
    ) -> BoxFuture<'a, Result<PurgeId>> {
        let purged = keys.iter().try_for_each(|key| purge(key, mode));
        Box::pin(ready(purged.map(|()| PurgeId::new(String::new()))))
    }

    fn object_lookup<'a>(&'a self, _: ObjectQuery, _: LookupKind) -> BoxFuture<'a, Result<Looked>> {
        Box::pin(ready(Err(failed::unsupported("`CoreCache` and `SimpleCache`"))))
    }

    fn object_insert<'a>(
        &'a self,
        _: ObjectQuery,
        _: ObjectOptions,
    ) -> BoxFuture<'a, Result<Inserted>> {
        Box::pin(ready(Err(failed::unsupported("`CoreCache` and `SimpleCache`"))))
    }

    fn after(&self) -> After {
        let later = Arc::clone(&self.later);
        After::new(later)
    }

    fn kv_get<'a>(
        &'a self,
        link: &'a str,
        key: &'a KvKey,
    ) -> BoxFuture<'a, Result<Option<KvEntry>>> {
        Box::pin(async move { kv::get(link, key) })
    }

    fn kv_put<'a>(
        &'a self,
        link: &'a str,
        key: &'a KvKey,
        write: KvWrite,
    ) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move { kv::put(link, key, write) })
    }

    fn kv_delete<'a>(
        &'a self,
        link: &'a str,
        key: &'a KvKey,
        if_generation: Option<u64>,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move { kv::delete(link, key, if_generation) })
    }

    fn kv_list<'a>(&'a self, link: &'a str, query: KvQuery) -> BoxFuture<'a, Result<KvPage>> {
        Box::pin(async move { kv::list(link, &query) })
    }

    fn config_get(&self, link: &str, key: &str) -> Result<Option<String>> {
        stores::config(link, key)
    }

    fn secret_get(&self, link: &str, key: &str) -> Result<Option<Secret>> {
        stores::secret(link, key)
    }

    fn acl_lookup(&self, _: &str, _: IpAddr) -> Result<Option<AclMatch>> {
        Err(failed::unsupported("`Acl`"))
    }

    fn chain_admit(&self, links: ChainStores, token: &InboundToken) -> Result<Option<Verified>> {
        chain::admit(&self.place.service, self.now_ms(), links, token).map(Some)
    }

    /// Nobody else would run meanwhile anyway.
    fn run_plain(&self, work: Box<dyn FnOnce() + Send>) -> BoxFuture<'static, ()> {
        Box::pin(async move { work() })
    }

    fn log(&self, line: &str) {
        super::log::line(line);
    }
}

fn purge(key: &SurrogateKey, mode: PurgeMode) -> Result<()> {
    let purged = match mode {
        PurgeMode::Hard => ::fastly::http::purge::purge_surrogate_key(key.as_str()),
        PurgeMode::Soft => ::fastly::http::purge::soft_purge_surrogate_key(key.as_str()),
    };
    purged.map_err(|cause| failed::purge(key.as_str(), &cause))
}
