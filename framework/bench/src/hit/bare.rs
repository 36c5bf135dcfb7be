//! The least that an HTTP server on hyper does: one reactor per thread, one answer for everything.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use socket2::{Domain, Socket, Type};

use crate::Outcome;
use crate::answer::Answer;

/// Serves an answer on a free port from `threads` threads, until the process ends.
pub(crate) fn serve(answer: Answer, threads: usize) -> Outcome<SocketAddr> {
    let first = listener((Ipv4Addr::LOCALHOST, 0).into())?;
    let address = first.local_addr()?;
    let mut listeners = vec![first];
    for _ in 1..threads {
        listeners.push(listener(address)?);
    }
    for listener in listeners {
        let answer = answer.clone();
        std::thread::spawn(move || {
            if let Err(error) = reactor(listener, answer) {
                eprintln!("the bare server ended: {error}");
            }
        });
    }
    Ok(address)
}

fn listener(address: SocketAddr) -> Outcome<TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(1024)?;
    Ok(socket.into())
}

fn reactor(listener: TcpListener, answer: Answer) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, async move {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let answer = answer.clone();
            tokio::task::spawn_local(async move {
                let service = service_fn(move |_| {
                    let response = answer.response();
                    async move { Ok::<_, Infallible>(response) }
                });
                // A client that hangs up between rounds is no failure.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    })
}
