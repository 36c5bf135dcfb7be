//! A thousand small tests with the testkit, as `cargo test` runs them: each has an edge and a reactor of its own.
//!
//! To be built without optimisation, as tests are. What it says is no assertion.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use selvedge::{Binding, Service, prelude::*};
use selvedge_bench::{Outcome, samples::Samples};
use selvedge_testkit::{Edge, ok};

const TESTS: usize = 1_000;

const MANIFEST: &str = r#"
manifest_version = 1
name = "bench"
[pops.LHR]
[kv_stores.people]
items = [{ key = "1", data = "Ada" }]
[config_stores.texts]
contents = { greeting = "hello" }
[services.storefront]
type = "compute"
handler = "storefront"
domains = ["shop.localhost"]
links = { users = { kv_store = "people" }, config = { config_store = "texts" } }
backends.catalog = { service = "catalog" }
[services.catalog]
type = "delivery"
domains = ["catalog.localhost"]
backends.origin = { url = "http://origin.example" }
"#;

#[kv_store("users", value = Text)]
struct Users;

#[config_store("config")]
struct Texts {
    greeting: String,
}

#[backend("catalog")]
struct Catalog;

async fn front(users: Users, texts: Texts, catalog: Catalog) -> Result<String> {
    let name = users.get("1").await?.unwrap_or_default();
    let ask = Request::new(Body::empty()).cache(Cache::Pass);
    let page = catalog.send(ask).await?.into_body().bytes(1024).await?;
    Ok(format!("{} {name}: {}", texts.greeting, String::from_utf8_lossy(&page)))
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let threads = thread::available_parallelism()?.get();
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    let starts = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(|| tests(&next))).collect();
        running.into_iter().filter_map(|thread| thread.join().ok()).collect::<Outcome<Vec<_>>>()
    })?;
    let took = start.elapsed();
    if starts.len() < threads {
        return Err("a test failed".into());
    }
    let mut ms = Samples::default();
    starts.into_iter().flatten().for_each(|start| ms.add(start.as_secs_f64() * 1000.0));
    println!("{TESTS} tests on {threads} threads: {:.2} s (aim: 10)", took.as_secs_f64());
    println!("to start an edge: median {:.2} ms, at most {:.2} ms", ms.median(), ms.max());
    Ok(())
}

/// Runs tests until there are none, and says how long each took to start its edge.
fn tests(next: &AtomicUsize) -> Outcome<Vec<Duration>> {
    let mut starts = Vec::new();
    while next.fetch_add(1, Ordering::Relaxed) < TESTS {
        let reactor = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        starts.push(reactor.block_on(test()));
    }
    Ok(starts)
}

/// The second page is a hit, through a chain, with reads of two stores.
async fn test() -> Duration {
    let needs = vec![Users::NEED, Texts::NEED, Catalog::NEED];
    let handler = Service::new("storefront", Router::new().fallback(front), needs);
    let start = Instant::now();
    let edge = Edge::from_toml(MANIFEST).service(handler).start().await;
    let took = start.elapsed();
    edge.origin("catalog", "origin").on("/").reply(ok("shirts").max_age(60));
    let miss = ["LHR/storefront pass requested", "LHR/catalog miss uri-miss"];
    edge.get("http://shop.localhost/").await.assert_path(&miss);
    edge.advance(Duration::from_secs(30)).await;
    let second = edge.get("http://shop.localhost/").await;
    second.assert_path(&["LHR/storefront pass requested", "LHR/catalog hit"]);
    assert_eq!(second.text(), "hello Ada: shirts", "another answer came");
    edge.origin("catalog", "origin").assert_count(1);
    took
}
