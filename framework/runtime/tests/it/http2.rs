//! HTTP/2 by prior knowledge, on the same port as HTTP/1.1.

use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use selvedge_testkit::process::Process;

use crate::process::{MANIFEST, folder, origin, serve};

#[tokio::test]
async fn http2_is_spoken_by_prior_knowledge() {
    let folder = folder(&MANIFEST.replace("ORIGIN", &origin().to_string()));
    let node = Process::start(serve(folder.path(), &[])).unwrap().unwrap();
    let stream = tokio::net::TcpStream::connect(node.address()).await.unwrap();
    let (mut client, connection) =
        http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    for (host, status, body) in
        [("site.localhost", 200, "hello"), ("self.localhost", 503, "Loop detected")]
    {
        // HTTP/2 has no `Host`: the URI's authority selects the service.
        let request =
            http::Request::get(format!("http://{host}/")).body(Empty::<bytes::Bytes>::new());
        let response = client.send_request(request.unwrap()).await.unwrap();
        assert_eq!(response.version(), http::Version::HTTP_2);
        assert_eq!(response.status().as_u16(), status);
        assert!(!response.headers().contains_key("connection"));
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        assert!(bytes.starts_with(body.as_bytes()), "{bytes:?}");
    }
}

/// Content after the head of such a response is an error to HTTP/2 clients.
#[tokio::test]
async fn a_refused_head_has_no_content() {
    let folder = folder(&MANIFEST.replace("ORIGIN", &origin().to_string()));
    let node = Process::start(serve(folder.path(), &[])).unwrap().unwrap();
    let stream = tokio::net::TcpStream::connect(node.address()).await.unwrap();
    let (mut client, connection) =
        http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    for (host, status) in [("nobody.localhost", 421), ("self.localhost", 503)] {
        let request =
            http::Request::head(format!("http://{host}/")).body(Empty::<bytes::Bytes>::new());
        let response = client.send_request(request.unwrap()).await.unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert!(response.headers().contains_key("content-length"));
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "");
    }
}

#[tokio::test]
async fn trailers_reach_http2_even_unannounced() {
    let origin = crate::passing::origin(|_| {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 42\r\n\r\n"
            .to_owned()
    });
    let folder = folder(&MANIFEST.replace("ORIGIN", &origin.to_string()));
    let node = Process::start(serve(folder.path(), &[])).unwrap().unwrap();
    let stream = tokio::net::TcpStream::connect(node.address()).await.unwrap();
    let (mut client, connection) =
        http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = http::Request::get("http://site.localhost/").header("te", "trailers");
    let request = request.body(Empty::<bytes::Bytes>::new()).unwrap();
    let response = client.send_request(request).await.unwrap();
    let body = response.into_body().collect().await.unwrap();
    assert_eq!(body.trailers().unwrap()["x-sum"], "42");
    assert_eq!(body.to_bytes(), "hello");
}
