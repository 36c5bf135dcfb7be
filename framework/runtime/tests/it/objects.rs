//! The core cache and the simple cache, through handlers' own extractors, with exact times.

mod drops;
mod purges;
mod random;
mod replace;
mod simple;
mod streams;
mod transaction;
mod update;
mod waits;

use std::{
    future::IntoFuture as _,
    pin::Pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::FutureExt as _;
use selvedge::{
    Service,
    cache::core::{Found, Transaction},
    host::BoxFuture,
    prelude::*,
};
use selvedge_testkit::{Edge, Method};

const MANIFEST: &str = r#"
manifest_version = 1
name = "objects"
[pops.LHR]
[pops.IAD]
[shelf]
budget = "4MiB"
max_object = "64KiB"
[services.site]
type = "compute"
handler = "site"
domains = ["site.localhost"]
[services.other]
type = "compute"
handler = "other"
domains = ["other.localhost"]
"#;

/// What one request's handler has in hand.
#[derive(Clone)]
struct Hand {
    core: CoreCache,
    simple: SimpleCache,
    purge: Purge,
}

type Slot = Arc<Mutex<Option<Hand>>>;

/// An edge whose handlers hand out what they have in hand.
struct Site {
    edge: Edge,
    slot: Slot,
}

fn handing_out(name: &'static str, slot: &Slot) -> Service {
    let slot = Arc::clone(slot);
    let answer = move |core: CoreCache, simple: SimpleCache, purge: Purge| {
        *slot.lock().unwrap() = Some(Hand { core, simple, purge });
        async { "handed out" }
    };
    Service::new(name, Router::new().fallback(answer), Vec::new())
}

impl Site {
    async fn start() -> Self {
        let slot = Slot::default();
        let builder = Edge::from_toml(MANIFEST).admin_token("t");
        let builder = builder.service(handing_out("site", &slot));
        Self { edge: builder.service(handing_out("other", &slot)).start().await, slot }
    }

    /// The hand of a new request.
    async fn hand(&self) -> Hand {
        self.hand_of("site", "LHR").await
    }

    async fn hand_of(&self, service: &str, pop: &str) -> Hand {
        let url = format!("http://{service}.localhost/");
        assert_eq!(self.edge.request(Method::GET, &url).at(pop).send().await.status, 200);
        self.slot.lock().unwrap().take().unwrap()
    }

    async fn core(&self) -> CoreCache {
        self.hand().await.core
    }

    /// A transaction of a request of its own, which has to be able to go on at once.
    async fn transaction(&self, key: &str) -> Transaction {
        let mut asked = self.ask(key).await;
        now(&mut asked).unwrap()
    }

    /// The same, not awaited.
    async fn ask(&self, key: &str) -> Asking {
        Box::pin(self.core().await.transaction(key).into_future())
    }

    async fn advance_ms(&self, by: u64) {
        self.edge.advance(Duration::from_millis(by)).await;
    }

    async fn advance(&self, seconds: u64) {
        self.advance_ms(seconds * 1000).await;
    }

    /// Stores an object that is fresh for 10 s and may be used for 5 s more.
    async fn store(&self, key: &str, body: &'static str) {
        let insert = self.core().await.insert(key, secs(10));
        insert.stale_while_revalidate(secs(5)).execute_with(body).await.unwrap();
    }

    async fn found(&self, key: &str) -> Option<Found> {
        self.core().await.lookup(key).await.unwrap()
    }
}

type Asking = BoxFuture<'static, Result<Transaction>>;

/// What a future has come to without waiting for anything else.
fn now<T>(future: &mut Pin<Box<dyn Future<Output = Result<T>> + Send>>) -> Option<T> {
    future.now_or_never().map(|done| done.unwrap())
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn text(found: &Found) -> String {
    read(found.to_stream().unwrap()).await.unwrap()
}

async fn read(body: Body) -> Result<String> {
    let bytes = body.bytes(1 << 20).await?;
    Ok(String::from_utf8(bytes.into()).unwrap())
}

/// What a refused call was refused for.
fn reason<T>(refused: Result<T>) -> Refusal {
    refused.map(|_| ()).unwrap_err().refusal()
}
