//! What a handler can do on its hop: link and backend names become stores and sends.

use std::{future::ready, net::IpAddr, sync::Arc};

use selvedge::{
    After, Body, Error, Host, Place, Refusal, Request, Response, Result,
    chain::{InboundToken, Verified},
    host::{BoxFuture, Inserted, Looked, LookupKind, ObjectOptions, ObjectQuery},
    model::{
        key::{KvKey, SurrogateKey},
        name::StoreKind,
        need::ChainStores,
    },
    purge::{PurgeId, PurgeMode},
    store::{
        acl::{AclAction, AclMatch},
        kv::{KvEntry, KvHead, KvPage, KvQuery, KvRoom, KvWrite},
        secret::Secret,
    },
};
use tokio::task::spawn_blocking;

use super::Hop;
use crate::{
    after::Whose,
    chain,
    fetch::{self, Sending},
    headers, objects,
    purge::{self, What},
    world::Required,
};

impl Host for Hop {
    fn place(&self) -> &Place {
        Hop::place(self)
    }

    fn now_ms(&self) -> u64 {
        self.world().clock.now_ms()
    }

    fn send<'a>(
        &'a self,
        backend: &'a str,
        mut request: Request,
    ) -> BoxFuture<'a, Result<Response>> {
        Box::pin(async move {
            headers::strip_hop_by_hop(request.headers_mut());
            let plan = self.cache_plan(&request)?;
            let sending = Sending { plan, at_ms: self.now_ms(), unsaid: None };
            let hop = self.shared();
            fetch::fetch(&hop, self.service.destination(backend)?, request, sending).await
        })
    }

    fn purge<'a>(
        &'a self,
        keys: &'a [SurrogateKey],
        mode: PurgeMode,
    ) -> BoxFuture<'a, Result<PurgeId>> {
        let mode = match mode {
            PurgeMode::Hard => selvedge_cache::PurgeMode::Hard,
            PurgeMode::Soft => selvedge_cache::PurgeMode::Soft,
        };
        let (world, service) = (Arc::clone(&self.edge.world), Arc::clone(&self.service));
        let what = What::Keys(keys.to_vec());
        // A key may stand for a great many objects, and other requests of this core go on meanwhile.
        let purging = spawn_blocking(move || purge::purge(&world, &service, &what, mode));
        Box::pin(async move {
            match purging.await {
                Ok(purged) => Ok(PurgeId::new(purged.id)),
                Err(cause) => Err(Error::new(Refusal::StoreFailed, "the purge").because(cause)),
            }
        })
    }

    fn object_lookup<'a>(
        &'a self,
        query: ObjectQuery,
        kind: LookupKind,
    ) -> BoxFuture<'a, Result<Looked>> {
        let hop = self.shared();
        Box::pin(async move { objects::look_up(&hop, query, kind).await })
    }

    fn object_insert<'a>(
        &'a self,
        query: ObjectQuery,
        options: ObjectOptions,
    ) -> BoxFuture<'a, Result<Inserted>> {
        Box::pin(ready(objects::insert(&self.shared(), query, options)))
    }

    fn after(&self) -> After {
        After::new(self.left.queue(&self.world().background, || Whose::of(self)))
    }

    fn kv_get<'a>(
        &'a self,
        link: &'a str,
        key: &'a KvKey,
    ) -> BoxFuture<'a, Result<Option<KvEntry>>> {
        Box::pin(async move {
            let store = self.service.store(StoreKind::Kv, link)?;
            self.pop.kv.get(store, key, &*self.world().clock).await
        })
    }

    fn kv_body<'a>(
        &'a self,
        link: &'a str,
        key: &'a KvKey,
    ) -> BoxFuture<'a, Result<Option<(KvHead, Body)>>> {
        Box::pin(async move {
            let store = self.service.store(StoreKind::Kv, link)?;
            self.pop.kv.body(store, key, self.now_ms()).await
        })
    }

    fn kv_room(&self, bytes: usize) -> BoxFuture<'_, Result<KvRoom>> {
        let world = self.world();
        Box::pin(world.kv.under_way().room(bytes, &*world.clock))
    }

    fn kv_put<'a>(
        &'a self,
        link: &'a str,
        key: &'a KvKey,
        write: KvWrite,
    ) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            let store = self.service.store(StoreKind::Kv, link)?;
            self.pop.kv.put(store, key, write, self.now_ms()).await
        })
    }

    fn kv_delete<'a>(
        &'a self,
        link: &'a str,
        key: &'a KvKey,
        if_generation: Option<u64>,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let store = self.service.store(StoreKind::Kv, link)?;
            self.pop.kv.delete(store, key, if_generation, self.now_ms()).await
        })
    }

    fn kv_list<'a>(&'a self, link: &'a str, query: KvQuery) -> BoxFuture<'a, Result<KvPage>> {
        Box::pin(async move {
            let store = self.service.store(StoreKind::Kv, link)?;
            self.pop.kv.list(store, query, self.now_ms()).await
        })
    }

    fn config_get(&self, link: &str, key: &str) -> Result<Option<String>> {
        let store = self.service.store(StoreKind::Config, link)?;
        Ok(self.world().account.config(store, key))
    }

    fn secret_get(&self, link: &str, key: &str) -> Result<Option<Secret>> {
        let store = self.service.store(StoreKind::Secret, link)?;
        Ok(self.world().account.secret(store, key))
    }

    fn acl_lookup(&self, link: &str, address: IpAddr) -> Result<Option<AclMatch>> {
        let acl = self.service.store(StoreKind::Acl, link)?;
        let account = self.world().account.now();
        let found = account.acl_match(acl.as_str(), address);
        Ok(found
            .map(|entry| AclMatch { network: entry.network, action: AclAction::of(&entry.action) }))
    }

    fn chain_admit(&self, stores: ChainStores, token: &InboundToken) -> Result<Option<Verified>> {
        let secrets = self.service.store(StoreKind::Secret, stores.secrets)?;
        if token.has_passed_with(secrets) {
            return Ok(None);
        }
        let required = Required::by_code(secrets.clone());
        chain::check(self, &required, token).map(Some)
    }

    fn run_plain(&self, work: Box<dyn FnOnce() + Send>) -> BoxFuture<'static, ()> {
        let running = spawn_blocking(work);
        Box::pin(async move {
            let Err(failed) = running.await else { return };
            // A panic goes on where the request is, which makes it the error page.
            if let Ok(panic) = failed.try_into_panic() {
                std::panic::resume_unwind(panic);
            }
        })
    }

    fn log(&self, line: &str) {
        self.world().tell.log(self.service.name(), line);
    }

    fn undeclared(&self, refused: &Error) {
        self.world().tell.undeclared(self.service.name(), refused);
    }
}
