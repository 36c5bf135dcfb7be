//! Loops end at once, and say so.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use selvedge::{Body, Request};
use selvedge_testkit::{Answer, Edge, Gate, Roots, ok};
use tokio::net::TcpListener;

use crate::site::rest;

fn chain(services: usize, close: bool) -> String {
    let mut manifest = String::from("manifest_version = 1\nname = \"loops\"\n[pops.LHR]\n");
    for number in 1..=services {
        manifest.push_str(&format!(
            "[services.s{number}]\ntype = \"delivery\"\ndomains = [\"s{number}.localhost\"]\n\
             [services.s{number}.backends.next]\n"
        ));
        manifest.push_str(&match (number == services, close) {
            (false, _) => format!("service = \"s{}\"\n", number + 1),
            (true, true) => "service = \"s1\"\n".to_owned(),
            (true, false) => "url = \"http://origin.example\"\n".to_owned(),
        });
    }
    manifest
}

#[tokio::test]
async fn a_service_whose_backend_is_itself_is_refused_at_the_21st_hop() {
    let edge = Edge::from_toml(&chain(1, true)).start().await;
    let answer = edge.get("http://s1.localhost/").await;
    assert_eq!(answer.status.as_u16(), 503);
    assert_eq!(answer.header("error-reason"), "loop detected");
    assert_eq!(answer.header("content-type"), "text/plain");
    assert!(answer.text().starts_with("Loop detected"));
    assert_eq!(answer.hops.len(), 21);
}

#[tokio::test]
async fn six_services_in_a_row_pass_and_a_seventh_does_not() {
    let edge = Edge::from_toml(&chain(6, false)).start().await;
    edge.origin("s6", "next").on("/").reply(ok("the end"));
    assert_eq!(edge.get("http://s1.localhost/").await.text(), "the end");

    let edge = Edge::from_toml(&chain(7, false)).start().await;
    edge.origin("s7", "next").on("/").reply(ok("the end"));
    let answer = edge.get("http://s1.localhost/").await;
    assert_eq!(answer.status.as_u16(), 503);
    assert_eq!(answer.header("error-reason"), "loop detected");
    assert_eq!(edge.origin("s7", "next").count(), 0);
}

#[tokio::test]
async fn a_missing_host_override_re_enters_the_first_service_until_the_limit() {
    let manifest = r#"
manifest_version = 1
name = "forgotten"
[pops.LHR]
[services.first]
type = "delivery"
domains = ["first.example"]
[services.first.backends.second]
url = "https://second.example"
[services.second]
type = "delivery"
domains = ["second.example"]
[services.second.backends.origin]
url = "http://origin.example"
"#;
    let edge = Edge::from_toml(manifest).dev().start().await;
    edge.origin("second", "origin").on("/").reply(ok("solved"));
    let answer = edge.get("http://first.example/").await;
    assert_eq!(answer.header("error-reason"), "loop detected");
    assert!(answer.hops.iter().all(|hop| hop.service == "first"));
    // In dev the page shows the path, and what to mend.
    let page = answer.text();
    assert!(page.contains("the path was first -> first -> first"), "{page}");
    assert!(page.contains("backend `second` of `first` leads to a domain of `second`"), "{page}");
    assert!(page.contains("override_host"), "{page}");

    let solved = manifest.replace(
        "url = \"https://second.example\"",
        "url = \"https://second.example\"\noverride_host = \"second.example\"",
    );
    let edge = Edge::from_toml(&solved).start().await;
    edge.origin("second", "origin").on("/").reply(ok("solved"));
    assert_eq!(edge.get("http://first.example/").await.text(), "solved");
}

#[tokio::test]
async fn a_request_that_says_it_passed_us_twenty_times_is_refused() {
    let edge = Edge::from_toml(&chain(1, false)).start().await;
    edge.origin("s1", "next").on("/").reply(ok("in"));
    for (passes, status) in [(19, 200), (20, 503)] {
        let request = http::Request::get("http://s1.localhost/")
            .header("cdn-loop", vec!["selvedge"; passes].join(", "))
            .body(selvedge::Body::empty())
            .unwrap();
        assert_eq!(edge.send(request).await.status.as_u16(), status, "{passes} passes");
    }
}

#[tokio::test]
async fn a_client_cannot_forge_its_way_around_the_count() {
    let edge = Edge::from_toml(&chain(7, false)).start().await;
    let request = http::Request::get("http://s1.localhost/")
        .header("selvedge-hops", "0")
        .header("fastly-client-ip", "6.6.6.6")
        .body(selvedge::Body::empty())
        .unwrap();
    assert_eq!(edge.send(request).await.header("error-reason"), "loop detected");
}

/// An edge with a socket, whose service has the address of that socket for its backend.
async fn into_itself(settings: &str) -> Arc<Edge> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    let manifest = format!(
        "manifest_version = 1\nname = \"itself\"\n[pops.LHR]\n[services.site]\ntype = \"delivery\"\n\
         domains = [\"site.localhost\"]\n{settings}\nbackends.me = {{ url = \"http://{address}\" }}\n"
    );
    let edge = Arc::new(Edge::from_toml(&manifest).network(Roots::none()).dev().start().await);
    let serving = Arc::clone(&edge);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let edge = Arc::clone(&serving);
            let service = service_fn(move |request: hyper::Request<Incoming>| {
                let edge = Arc::clone(&edge);
                async move { Ok::<_, Infallible>(edge.open(request.map(Body::new)).await) }
            });
            let connection = hyper::server::conn::http1::Builder::new();
            tokio::spawn(connection.serve_connection(TokioIo::new(stream), service));
        }
    });
    edge
}

/// The answer, for which the clock of the edge need not move: nobody waits for its own fetch.
async fn soon(answer: impl Future<Output = Answer>) -> Answer {
    tokio::time::timeout(Duration::from_secs(60), answer).await.unwrap()
}

#[tokio::test]
async fn a_request_that_comes_back_through_the_network_does_not_wait_for_itself() {
    for settings in ["", "cache_profile = \"fastly\"", "cache = \"off\""] {
        let edge = into_itself(settings).await;
        let url = "http://site.localhost/";
        let answers = [edge.get(url), edge.get(url), edge.get("http://site.localhost/other")];
        for answer in answers {
            let answer = soon(answer).await;
            assert_eq!(answer.status.as_u16(), 503, "{settings}");
            assert_eq!(answer.header("error-reason"), "loop detected", "{settings}");
            assert!(answer.text().contains("this node among them"), "{}", answer.text());
        }
        let at_once = [edge.get(url), edge.get(url), edge.get(url)];
        for answer in futures_util::future::join_all(at_once).await {
            assert_eq!(answer.header("error-reason"), "loop detected", "{settings}");
        }
    }
}

/// Whoever names the node, as its origins can, fetches for itself and counts as who has passed it.
#[tokio::test]
async fn a_forged_mark_costs_nobody_but_the_forger() {
    let edge = Arc::new(Edge::from_toml(&chain(1, false)).start().await);
    let gate = Gate::closed();
    edge.origin("s1", "next").on("/").reply(ok("in").max_age(60).held(&gate));
    let ask = |mark: Option<String>| {
        let edge = Arc::clone(&edge);
        let request = http::Request::get("http://s1.localhost/");
        let request = mark.into_iter().fold(request, |it, mark| it.header("cdn-loop", mark));
        let request: Request = request.body(Body::empty()).unwrap();
        tokio::spawn(async move { edge.send(request).await })
    };
    let first = ask(None);
    rest().await;
    let arrived = edge.origin("s1", "next").arrived();
    let mark = arrived[0].headers["cdn-loop"].to_str().unwrap().to_owned();
    let others = [ask(None), ask(None)];
    rest().await;
    assert_eq!(edge.origin("s1", "next").count(), 1, "they wait for the first");
    let forger = ask(Some(mark.clone()));
    let stranger = ask(Some("selvedge;node=00000000000000ff".to_owned()));
    rest().await;
    assert_eq!(edge.origin("s1", "next").count(), 2, "it fetches for itself");
    gate.open();
    let told = forger.await.unwrap().header("cache-status");
    assert!(told.contains("fwd=bypass; detail=ancestor"), "{told}");
    for answer in others.into_iter().chain([first, stranger]) {
        let answer = answer.await.unwrap();
        assert!(!answer.header("cache-status").contains("bypass"));
        assert_eq!(answer.text(), "in");
    }
    assert_eq!(edge.origin("s1", "next").count(), 2);
    // A hit is a hit for it, too, and the limit is the same.
    assert!(ask(Some(mark.clone())).await.unwrap().hop("s1").verdict.is_hit());
    let many = vec![mark; 20].join(", ");
    assert_eq!(ask(Some(many)).await.unwrap().header("error-reason"), "loop detected");
}

#[tokio::test]
async fn a_client_cannot_have_the_count_taken_off() {
    let edge = Edge::from_toml(&chain(1, false)).start().await;
    edge.origin("s1", "next").on("/").reply(ok("in"));
    let request = http::Request::get("http://s1.localhost/")
        .header("connection", "cdn-loop, via")
        .header("cdn-loop", vec!["selvedge"; 20].join(", "))
        .body(Body::empty())
        .unwrap();
    assert_eq!(edge.send(request).await.header("error-reason"), "loop detected");
    assert_eq!(edge.origin("s1", "next").count(), 0);
}
