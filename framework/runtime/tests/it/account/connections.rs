//! Connections to backends go on from world to world, as long as nothing about the backend changes.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use selvedge_account::Maker;
use selvedge_testkit::{Edge, Roots};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{change, service};

/// An origin that answers every request of a connection, and counts connections.
async fn origin() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, connections) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(answer(stream));
        }
    });
    (address, connections)
}

/// Requests without a body, one head in each read.
async fn answer(mut stream: TcpStream) {
    let mut head = [0; 4096];
    while stream.read(&mut head).await.is_ok_and(|read| read > 0) {
        let answer = b"HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: 2\r\n\r\nhi";
        if stream.write_all(answer).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn an_unchanged_backend_keeps_its_connection() {
    let (address, connections) = origin().await;
    let settings = format!(
        "type = \"delivery\"\ndomains = [\"site.localhost\"]\nbackends.origin = {{ url = \
         \"http://{address}\" }}\n"
    );
    let manifest = format!(
        "manifest_version = 1\nname = \"connections\"\n[pops.LHR]\n[services.site]\n{settings}"
    );
    let edge = Edge::from_toml(&manifest).network(Roots::none()).start().await;
    let live = edge.account();
    let site = service(&live, "site");
    let other = settings.replace("\" }", "\", first_byte_timeout_ms = 9999 }");
    for (settings, expected) in [
        (format!("purge = \"open\"\n{settings}"), 1),
        (format!("default_ttl = \"1s\"\n{settings}"), 1),
        (other, 2),
    ] {
        assert_eq!(edge.get("http://site.localhost/").await.text(), "hi");
        change(&live, |account, fresh| {
            let draft = account.clone_version(&site, 1, Maker::Person, fresh)?.number;
            account.set_settings(&site, draft, settings.parse().unwrap(), fresh)?;
            account.activate(&site, draft, Maker::Person, fresh)
        })
        .await;
        assert_eq!(edge.get("http://site.localhost/").await.text(), "hi");
        assert_eq!(connections.load(Ordering::Relaxed), expected, "{settings}");
    }
}
