//! Handlers that are plain functions, on the real runtime: they block, and nobody else waits.

use selvedge::{prelude::*, wait};
use selvedge_testkit::{Edge, ok};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

const MANIFEST: &str = r#"
manifest_version = 1
name = "plain"

[pops.LHR]

[kv_stores.names-store]
items = [{ key = "1", data = "Ada" }]

[services.front]
type = "compute"
handler = "front"
domains = ["front.localhost"]
links = { names = { kv_store = "names-store" } }
backends = { origin = { url = "http://127.0.0.1:9" } }
"#;

/// What the test and the handler tell each other.
#[derive(Clone)]
struct Told(UnboundedSender<&'static str>);

#[edge_handler]
fn front(
    State(told): State<Told>,
    #[kv_store("names")] names: KvStore<Text>,
    #[backend("origin")] origin: Backend,
    request: Request,
) -> Result<Response> {
    match request.uri().path() {
        "/panics" => panic!("a secret thought"),
        "/never" => {
            let _ = told.0.send("began");
            let ended = wait(std::future::pending::<Result<()>>());
            let _ = told.0.send(if ended.is_err() { "ended" } else { "answered" });
            Ok(StatusCode::OK.into_response())
        }
        "/name" => Ok(wait(names.get("1"))?.unwrap_or_default().into_response()),
        path => wait(origin.get(path)),
    }
}

async fn edge(told: Told) -> Edge {
    Edge::from_toml(MANIFEST).service(front::service().with_state(told)).start().await
}

fn nobody() -> Told {
    Told(unbounded_channel().0)
}

#[tokio::test]
async fn it_reads_stores_and_sends() {
    let edge = edge(nobody()).await;
    edge.origin("front", "origin").on("/page").reply(ok("woven"));
    assert_eq!(edge.get("http://front.localhost/page").await.text(), "woven");
    assert_eq!(edge.get("http://front.localhost/name").await.text(), "Ada");
}

#[tokio::test]
async fn its_panic_is_a_500_and_the_edge_lives() {
    let edge = edge(nobody()).await;
    let answer = edge.get("http://front.localhost/panics").await;
    let shown = (answer.status.as_u16(), answer.header("error-reason"));
    assert_eq!(shown, (500, "handler panicked".to_owned()));
    assert_eq!(edge.get("http://front.localhost/name").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_wait_ends_when_the_client_is_gone() {
    let (tell, mut told) = unbounded_channel();
    let edge = edge(Told(tell)).await;
    tokio::select! {
        _ = edge.get("http://front.localhost/never") => panic!("it was answered"),
        began = told.recv() => assert_eq!(began, Some("began")),
    }
    assert_eq!(told.recv().await, Some("ended"));
}

#[edge_handler]
async fn other() {}

/// What `main!` makes of services with and without state.
mod program {
    selvedge::main!(super::other, super::front => super::nobody(),);
}
