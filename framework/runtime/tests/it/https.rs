//! Backends over the real network, HTTPS among them: which certificates are good enough, and what
//! each failure is called.

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use hyper::{Response, body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use rustls::{RootCertStore, ServerConfig, pki_types::PrivateKeyDer};
use selvedge_testkit::{Edge, Roots};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

fn manifest(scheme: &str, address: SocketAddr, extra: &str) -> String {
    format!(
        "manifest_version = 1\nname = \"https\"\n[pops.LHR]\n[services.site]\ntype = \"delivery\"\n\
         domains = [\"site.localhost\"]\n[services.site.backends.origin]\n\
         url = \"{scheme}://{address}\"\n{extra}\n"
    )
}

/// A TLS origin whose certificate is for `origin.example`.
async fn tls_origin() -> (SocketAddr, RootCertStore) {
    let made = rcgen::generate_simple_self_signed(["origin.example".to_owned()]).unwrap();
    let cert = made.cert.der().clone();
    let mut roots = RootCertStore::empty();
    roots.add(cert.clone()).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let service = service_fn(|request: hyper::Request<Incoming>| async move {
                    let host = request.headers()["host"].to_str().unwrap().to_owned();
                    Ok::<_, Infallible>(Response::new(format!("over tls for {host}")))
                });
                let connection = hyper::server::conn::http1::Builder::new();
                let _ = connection.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    (address, roots)
}

/// An origin that reads a request's head and then writes `answer`, or waits for ever.
async fn raw_origin(answer: Option<&'static str>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut head = [0; 4096];
                let _ = stream.read(&mut head).await;
                match answer {
                    Some(text) => stream.write_all(text.as_bytes()).await.unwrap(),
                    None => std::future::pending().await,
                }
            });
        }
    });
    address
}

async fn ask(manifest: &str, roots: Roots) -> (u16, String, String) {
    let edge = Edge::from_toml(manifest).network(roots).start().await;
    let answer = edge.get("http://site.localhost/").await;
    (answer.status.as_u16(), answer.header("error-reason"), answer.text())
}

#[tokio::test]
async fn a_backend_over_https_is_verified_by_name_and_authority() {
    let (address, roots) = tls_origin().await;
    let good = Roots::only(roots);
    let named = "cert_host = \"origin.example\"\noverride_host = \"inner.example\"";
    let (status, _, text) = ask(&manifest("https", address, named), good.clone()).await;
    assert_eq!((status, text.as_str()), (200, "over tls for inner.example"));

    let wrong_name = "cert_host = \"other.example\"";
    let (status, reason, _) = ask(&manifest("https", address, wrong_name), good).await;
    assert_eq!((status, reason.as_str()), (502, "tls error"));

    let (status, reason, _) = ask(&manifest("https", address, named), Roots::none()).await;
    assert_eq!((status, reason.as_str()), (502, "tls error"));
}

#[tokio::test]
async fn a_backend_that_speaks_no_tls_is_a_tls_error() {
    let address = raw_origin(Some("HTTP/1.1 200 OK\r\n\r\n")).await;
    let (status, reason, _) = ask(&manifest("https", address, ""), Roots::none()).await;
    assert_eq!((status, reason.as_str()), (502, "tls error"));
}

#[tokio::test]
async fn each_way_to_be_dead_has_its_name() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let silent = raw_origin(None).await;
    let hangs_up = raw_origin(Some("")).await;
    let garbage = raw_origin(Some("this is not HTTP\r\n\r\n")).await;
    let soon = "first_byte_timeout_ms = 50\nconnect_timeout_ms = 50";
    for (address, extra, expected) in [
        (closed, "", (502, "connection refused")),
        (silent, soon, (504, "first byte timeout")),
        (hangs_up, "", (502, "connection terminated")),
        (garbage, "", (502, "invalid response")),
    ] {
        let (status, reason, _) = ask(&manifest("http", address, extra), Roots::none()).await;
        assert_eq!((status, reason.as_str()), expected);
    }
    let nowhere = manifest("http", closed, "").replace(&closed.to_string(), "name.invalid");
    let (status, reason, _) = ask(&nowhere, Roots::none()).await;
    assert_eq!((status, reason.as_str()), (502, "dns error"));
}

/// Connecting has its own time, TLS included; the first byte has its own after that.
#[tokio::test]
async fn each_wait_has_the_time_that_it_says() {
    let silent = raw_origin(None).await;
    let hurried = "connect_timeout_ms = 50\nfirst_byte_timeout_ms = 600000";
    let (status, reason, _) = ask(&manifest("https", silent, hurried), Roots::none()).await;
    assert_eq!((status, reason.as_str()), (504, "connect timeout"));
    let extra = "connect_timeout_ms = 600000\nfirst_byte_timeout_ms = 50";
    let edge = Edge::from_toml(&manifest("http", silent, extra)).network(Roots::none()).dev();
    let page = edge.start().await.get("http://site.localhost/").await;
    assert_eq!(page.header("error-reason"), "first byte timeout");
    assert!(page.text().contains("no response within 50 ms"), "{}", page.text());
}

#[tokio::test]
async fn names_below_localhost_are_this_machine() {
    let address = raw_origin(Some("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")).await;
    for host in ["localhost", "origin.localhost", "A.B.localhost"] {
        let url = format!("{host}:{}", address.port());
        let manifest = manifest("http", address, "").replace(&address.to_string(), &url);
        let (status, _, text) = ask(&manifest, Roots::none()).await;
        assert_eq!((status, text.as_str()), (200, "ok"), "{host}");
    }
}

/// An origin that answers the first request of each connection, and at the second one says `last`
/// and hangs up.
/// Counts requests.
async fn forgetful_origin(
    last: &'static [u8],
) -> (SocketAddr, Arc<std::sync::atomic::AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let counted = Arc::clone(&counted);
            tokio::spawn(async move {
                let mut head = [0; 4096];
                for turn in 0..2 {
                    if stream.read(&mut head).await.unwrap_or(0) == 0 {
                        return;
                    }
                    counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    if turn == 1 {
                        let _ = stream.write_all(last).await;
                    } else {
                        let _ = stream
                            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                            .await;
                    }
                }
            });
        }
    });
    (address, count)
}

#[tokio::test]
async fn a_dead_reused_connection_is_retried_once_and_only_for_idempotent_requests() {
    use selvedge_testkit::Method;
    for (method, last, expected) in [
        (Method::GET, "", (200, 3)),
        (Method::DELETE, "", (200, 3)),
        (Method::POST, "", (502, 2)),
        (Method::GET, "HTTP/1.1 200 OK\r\nContent-Le", (502, 2)),
    ] {
        let (address, count) = forgetful_origin(last.as_bytes()).await;
        let edge =
            Edge::from_toml(&manifest("http", address, "")).network(Roots::none()).start().await;
        assert_eq!(edge.get("http://site.localhost/").await.status, 200);
        let second = edge.request(method.clone(), "http://site.localhost/").send().await;
        let reached = count.load(std::sync::atomic::Ordering::SeqCst);
        assert_eq!((second.status.as_u16(), reached), expected, "{method}");
    }
}
