//! Work after the response: when it begins, and that none of it is lost.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use http_body_util::BodyExt as _;
use selvedge::{Binding, Service, prelude::*};
use selvedge_testkit::{Edge, ok};

use super::{MANIFEST, Origin, URL, origin};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<&'static str>>>);

impl Log {
    fn write(&self, line: &'static str) {
        self.0.lock().unwrap().push(line);
    }

    fn lines(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().clone()
    }
}

async fn edge(router: Router) -> Edge {
    let service = Service::new("site", router, vec![Origin::NEED]);
    Edge::from_toml(MANIFEST).service(service).start().await
}

/// Leaves two pieces of work and answers.
fn leaving(log: &Log) -> Router {
    let log = log.clone();
    Router::new().fallback(move |after: After| {
        let log = log.clone();
        async move {
            for line in ["first", "second"] {
                let log = log.clone();
                after.spawn(async move { log.write(line) });
            }
            "answered"
        }
    })
}

fn get() -> Request {
    http::Request::get(URL).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn work_begins_when_the_body_has_been_sent_and_not_before() {
    let log = Log::default();
    let edge = edge(leaving(&log)).await;
    let response = edge.open(get()).await;
    edge.settle().await;
    assert_eq!(log.lines(), [""; 0]);
    let whole = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(&whole[..], b"answered");
    edge.settle().await;
    assert_eq!(log.lines(), ["first", "second"]);
}

#[tokio::test]
async fn work_begins_when_the_client_leaves_in_the_middle_of_the_body() {
    let log = Log::default();
    let edge = edge(leaving(&log)).await;
    drop(edge.open(get()).await);
    edge.settle().await;
    assert_eq!(log.lines(), ["first", "second"]);
}

#[tokio::test]
async fn work_is_done_though_the_client_left_before_there_was_a_response() {
    let log = Log::default();
    let edge = edge({
        let log = log.clone();
        Router::new().fallback(move |after: After| {
            let log = log.clone();
            async move {
                after.spawn(async move { log.write("done") });
                std::future::pending::<()>().await;
            }
        })
    })
    .await;
    let mut asking = Box::pin(edge.open(get()));
    assert!((&mut asking).now_or_never().is_none());
    drop(asking);
    edge.settle().await;
    assert_eq!(log.lines(), ["done"]);
}

#[tokio::test]
async fn bindings_work_there_and_work_may_leave_more_work() {
    let edge = edge(Router::new().fallback(async |after: After, origin: Origin| {
        let again = after.clone();
        after.spawn(async move {
            origin.get("/later").await.unwrap();
            again.spawn(async move {
                origin.get("/latest").await.unwrap();
            });
        });
        "answered"
    }))
    .await;
    origin(&edge).otherwise().reply(ok("a"));
    edge.get(URL).await;
    assert_eq!(origin(&edge).count(), 0);
    edge.settle().await;
    let targets: Vec<String> =
        origin(&edge).arrived().into_iter().map(|arrived| arrived.target).collect();
    assert_eq!(targets, ["/later", "/latest"]);
}

#[tokio::test]
async fn an_error_page_is_a_response_too() {
    let log = Log::default();
    let edge = edge({
        let log = log.clone();
        Router::new().fallback(move |after: After| {
            let log = log.clone();
            async move {
                after.spawn(async move { log.write("done") });
                Err::<(), _>(Error::new(Refusal::HandlerFailed, "on purpose"))
            }
        })
    })
    .await;
    assert_eq!(edge.get(URL).await.status, 500);
    edge.settle().await;
    assert_eq!(log.lines(), ["done"]);
}
