//! Fragments that leave the node and come back to it by a url of its own: the limits of their page are still theirs.

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use hyper::{Response, body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use selvedge::Body;
use selvedge_model::limits::{ESI_DEPTH_MAX, ESI_INCLUDES_MAX};
use selvedge_testkit::{Edge, Roots};
use tokio::net::TcpListener;

use super::logs;

/// Serves every request with what `answer` makes of it, at this address.
async fn serve<F, A>(listener: TcpListener, answer: F)
where
    F: Fn(hyper::Request<Incoming>) -> A + Clone + Send + 'static,
    A: Future<Output = Response<Body>> + Send + 'static,
{
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let answer = answer.clone();
            let service = service_fn(move |request| {
                let answered = answer(request);
                async move { Ok::<_, Infallible>(answered.await) }
            });
            let connection = hyper::server::conn::http1::Builder::new();
            tokio::spawn(connection.serve_connection(TokioIo::new(stream), service));
        }
    });
}

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// An edge whose pages are at `/page/...`, and once more at `/back/...`, which leads through the network to the edge itself.
/// The template of a path is what `template` says.
async fn edge(template: fn(&str) -> String) -> Arc<Edge> {
    let (origin, origin_at) = listener().await;
    serve(origin, move |request| {
        let text = template(request.uri().path());
        async move { Response::new(Body::from(text)) }
    })
    .await;
    let (node, node_at) = listener().await;
    let manifest = format!(
        "manifest_version = 1\nname = \"afar\"\n[pops.LHR]\n[services.site]\ntype = \"delivery\"\n\
         domains = [\"site.localhost\"]\nbackend = \"origin\"\n\
         backends.origin.url = \"http://{origin_at}\"\nbackends.me.url = \"http://{node_at}\"\n\
         [[services.site.rules]]\nwhen.path = \"/back/**\"\nthen.backend = \"me\"\n\
         then.rewrite_path = {{ strip = \"/back\", add = \"/page\" }}\n\
         [[services.site.rules]]\nwhen.path = \"/page/**\"\nthen.esi = true\n"
    );
    let edge = Arc::new(Edge::from_toml(&manifest).network(Roots::none()).start().await);
    let serving = Arc::clone(&edge);
    serve(node, move |request| {
        let edge = Arc::clone(&serving);
        async move { edge.open(request.map(Body::new)).await }
    })
    .await;
    edge
}

/// How deep the page of a path is: its first segment after the name.
fn depth(path: &str) -> usize {
    path.split('/').nth(2).and_then(|depth| depth.parse().ok()).unwrap_or_default()
}

#[tokio::test]
async fn a_page_is_no_deeper_by_way_of_the_network() {
    let template = |path: &str| {
        let next = depth(path) + 1;
        format!("{}<esi:include src=\"/back/{next}\" onerror=\"continue\"/>", next - 1)
    };
    let edge = edge(template).await;
    let expected: String = (0..=ESI_DEPTH_MAX).map(|depth| depth.to_string()).collect();
    assert_eq!(edge.get("http://site.localhost/page/0").await.text(), expected);
    assert_eq!(logs(&edge), ["esi: /page/5: `/back/6`: it is nested too deep"]);
    assert_eq!(edge.world().abroad.count(), 0, "the page has ended");
}

/// Each page has seven fragments, three deep: that would be 399 includes, where each round counts by itself.
#[tokio::test]
async fn a_page_has_no_more_includes_by_way_of_the_network() {
    let template = |path: &str| {
        let next = depth(path) + 1;
        let tag = |n: usize| {
            format!("<esi:include src=\"/back/{next}/{n}{path}\" onerror=\"continue\"/>")
        };
        let tags: String = (0..if next > 3 { 0 } else { 7 }).map(tag).collect();
        format!("x{tags}")
    };
    let edge = edge(template).await;
    assert_eq!(edge.get("http://site.localhost/page/0").await.text().len(), 1 + ESI_INCLUDES_MAX);
}

/// A forged number takes away from nobody but the forger, who gets the page without its fragments.
#[tokio::test]
async fn a_forged_number_only_takes_away() {
    let template = |path: &str| match depth(path) {
        0 => "a<esi:include src=\"/page/1\" onerror=\"continue\"/>".to_owned(),
        _ => "b".to_owned(),
    };
    let edge = edge(template).await;
    let node = edge.world().ids.node().as_str().to_owned();
    for (page, text) in [("0", "a"), ("9f86d081884c7d65", "a"), ("no number", "a")] {
        let forged = format!("selvedge;node={node};page=\"{page}\"");
        let ask = edge.request(selvedge_testkit::Method::GET, "http://site.localhost/page/0");
        assert_eq!(ask.header("cdn-loop", &forged).send().await.text(), text, "{page}");
    }
    let other = "selvedge;node=00000000000000ff;page=9f86d081884c7d65";
    for mark in [other, "selvedge;page=1", "selvedge"] {
        let ask = edge.request(selvedge_testkit::Method::GET, "http://site.localhost/page/0");
        assert_eq!(ask.header("cdn-loop", mark).send().await.text(), "ab", "{mark}");
    }
}
