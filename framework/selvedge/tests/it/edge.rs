//! An edge made of maps: enough of a host to see what bindings ask of one.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex},
};

use selvedge::{
    After, Body, Cache, Ctx, Error, Host, Place, Refusal, Request, Response, Result, Service,
    after::Later,
    chain::{self, InboundToken, Terms, Verified},
    host::{BoxFuture, Inserted, Looked, LookupKind, ObjectOptions, ObjectQuery},
    model::{
        key::{KvKey, SurrogateKey},
        manifest::ChainMode,
        need::{ChainStores, Need},
    },
    purge::{PurgeId, PurgeMode},
    store::{
        kv::{InsertMode, KvEntry, KvHead, KvPage, KvQuery, KvWrite},
        secret::Secret,
    },
};

pub(crate) const NOW_MS: u64 = 1_700_000_000_000;

/// One service's host; every store is linked under one name.
pub(crate) struct Edge {
    pub(crate) place: Place,
    pub(crate) items: Mutex<BTreeMap<String, KvEntry>>,
    pub(crate) config: BTreeMap<&'static str, &'static str>,
    pub(crate) secrets: BTreeMap<&'static str, &'static str>,
    /// What was done, one line each.
    pub(crate) acts: Mutex<Vec<String>>,
}

impl Edge {
    pub(crate) fn new() -> Self {
        let client = Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let place =
            Place::new("LHR".to_owned(), "shop".to_owned(), 1, "request-1".to_owned(), client);
        Self {
            place,
            items: Mutex::default(),
            config: BTreeMap::new(),
            secrets: BTreeMap::new(),
            acts: Mutex::default(),
        }
    }

    pub(crate) fn ctx(self: &Arc<Self>, needs: &[Need]) -> Ctx {
        Ctx::new(Arc::clone(self) as Arc<dyn Host>, needs.into())
    }

    pub(crate) fn acts(&self) -> Vec<String> {
        self.acts.lock().unwrap().clone()
    }

    fn did(&self, act: String) {
        self.acts.lock().unwrap().push(act);
    }

    /// Pages of the keys from the cursor on, which is simply the first key here.
    fn page(&self, query: KvQuery) -> KvPage {
        let from = query.cursor.unwrap_or_default();
        let limit = query.limit.unwrap_or(1000);
        let mut keys: Vec<String> =
            self.items.lock().unwrap().range(from..).map(|(key, _)| key.clone()).collect();
        let next_cursor = keys.get(limit).cloned();
        keys.truncate(limit);
        KvPage { keys, next_cursor, prefix: query.prefix, limit, mode: query.mode }
    }

    fn write(&self, key: &KvKey, write: KvWrite) -> Result<u64> {
        let mut items = self.items.lock().unwrap();
        let current = items.get(key.as_str()).map_or(0, |entry| entry.head.generation);
        let adds = write.mode == InsertMode::Add && current != 0;
        if adds || write.if_generation.is_some_and(|wanted| wanted != current) {
            return Err(Error::new(Refusal::PreconditionFailed, "another generation"));
        }
        let head = KvHead {
            metadata: write.metadata.unwrap_or_default(),
            generation: current + 1,
            ..KvHead::default()
        };
        items.insert(key.to_string(), KvEntry { head, value: write.value });
        Ok(current + 1)
    }
}

/// Loses whatever is left there: these tests have no time after a response.
struct Left;

impl Later for Left {
    fn leave(&self, _work: BoxFuture<'static, ()>) {}
}

/// The secrets that tokens may be signed with.
struct Known<'a>(&'a BTreeMap<&'static str, &'static str>);

impl chain::Secrets for Known<'_> {
    fn get(&self, id: &str) -> Option<Secret> {
        self.0.get(id).map(|secret| Secret::new(secret.as_bytes().to_vec()))
    }

    fn ids(&self) -> Vec<String> {
        self.0.keys().map(|id| (*id).to_owned()).collect()
    }
}

fn linked(link: &str, wanted: &str) -> Result<()> {
    if link == wanted {
        return Ok(());
    }
    Err(Error::new(Refusal::LinkUnknown, format!("no `{link}`")))
}

fn done<'a, T: Send + 'a>(result: Result<T>) -> BoxFuture<'a, Result<T>> {
    Box::pin(std::future::ready(result))
}

impl Host for Edge {
    fn place(&self) -> &Place {
        &self.place
    }

    fn now_ms(&self) -> u64 {
        NOW_MS
    }

    fn send<'a>(&'a self, backend: &'a str, request: Request) -> BoxFuture<'a, Result<Response>> {
        let choice = request.extensions().get::<Cache>().cloned().unwrap_or_default();
        let (method, uri) = (request.method(), request.uri());
        self.did(format!("send {backend} {method} {uri} {choice:?}"));
        let failed = Err(Error::new(Refusal::ConnectionRefused, "10.0.0.7:443 refused"));
        done(if backend == "dead" { failed } else { Ok(Response::new(Body::from("sent"))) })
    }

    fn purge<'a>(
        &'a self,
        keys: &'a [SurrogateKey],
        mode: PurgeMode,
    ) -> BoxFuture<'a, Result<PurgeId>> {
        let keys: Vec<&str> = keys.iter().map(SurrogateKey::as_str).collect();
        self.did(format!("purge {mode:?} {}", keys.join(" ")));
        done(Ok(PurgeId::new("1".to_owned())))
    }

    fn object_lookup<'a>(
        &'a self,
        query: ObjectQuery,
        kind: LookupKind,
    ) -> BoxFuture<'a, Result<Looked>> {
        self.did(format!("look up {query:?} {kind:?}"));
        done(Ok(Looked { found: None, obligation: None }))
    }

    fn object_insert<'a>(
        &'a self,
        query: ObjectQuery,
        options: ObjectOptions,
    ) -> BoxFuture<'a, Result<Inserted>> {
        self.did(format!("insert {query:?} {options:?}"));
        done(Err(Error::new(Refusal::CacheFull, "there is no cache")))
    }

    fn after(&self) -> After {
        After::new(Arc::new(Left))
    }

    fn kv_get<'a>(
        &'a self,
        link: &'a str,
        key: &'a KvKey,
    ) -> BoxFuture<'a, Result<Option<KvEntry>>> {
        let found = || self.items.lock().unwrap().get(key.as_str()).cloned();
        done(linked(link, "users").map(|()| found()))
    }

    fn kv_put<'a>(
        &'a self,
        link: &'a str,
        key: &'a KvKey,
        write: KvWrite,
    ) -> BoxFuture<'a, Result<u64>> {
        let KvWrite { value, mode, if_generation, metadata, ttl, meanwhile, room: _ } = &write;
        let size = value.len();
        self.did(format!(
            "put {key} {size} {mode:?} {if_generation:?} {metadata:?} {ttl:?} {meanwhile:?}"
        ));
        done(linked(link, "users").and_then(|()| self.write(key, write)))
    }

    fn kv_delete<'a>(
        &'a self,
        link: &'a str,
        key: &'a KvKey,
        if_generation: Option<u64>,
    ) -> BoxFuture<'a, Result<bool>> {
        self.did(format!("delete {key} {if_generation:?}"));
        let removed = || self.items.lock().unwrap().remove(key.as_str()).is_some();
        done(linked(link, "users").map(|()| removed()))
    }

    fn kv_list<'a>(&'a self, link: &'a str, query: KvQuery) -> BoxFuture<'a, Result<KvPage>> {
        self.did(format!("list {query:?}"));
        done(linked(link, "users").map(|()| self.page(query)))
    }

    fn config_get(&self, link: &str, key: &str) -> Result<Option<String>> {
        linked(link, "config")?;
        Ok(self.config.get(key).map(|&text| text.to_owned()))
    }

    fn secret_get(&self, link: &str, key: &str) -> Result<Option<Secret>> {
        linked(link, "secrets")?;
        Ok(self.secrets.get(key).map(|&text| Secret::new(text.into())))
    }

    fn chain_admit(&self, stores: ChainStores, token: &InboundToken) -> Result<Option<Verified>> {
        linked(stores.secrets, "secrets")?;
        let purpose = token.purpose("shop");
        let terms = Terms { accept: &ChainMode::ALL, now_ms: NOW_MS, window_ms: 2000, purpose };
        let verified = chain::admit(token.values(), &terms, &Known(&self.secrets));
        verified.map(Some).map_err(|refusal| Error::new(refusal, "checked with `secrets`"))
    }

    fn run_plain(&self, work: Box<dyn FnOnce() + Send>) -> BoxFuture<'static, ()> {
        Box::pin(async move { std::thread::scope(|scope| scope.spawn(work).join()).unwrap() })
    }

    fn log(&self, line: &str) {
        self.did(format!("log {line}"));
    }
}

/// Runs a service on an edge.
pub(crate) async fn call(edge: &Arc<Edge>, service: &Service, mut request: Request) -> Response {
    edge.ctx(service.needs()).attach(&mut request);
    service.call(request).await
}

/// A GET.
pub(crate) fn get(path: &str) -> Request {
    http::Request::get(path).body(Body::empty()).unwrap()
}

/// A response's body as text.
pub(crate) async fn text(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(bytes.into()).unwrap()
}
