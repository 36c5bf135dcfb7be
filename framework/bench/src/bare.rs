//! The least that an HTTP server on hyper does: one reactor per thread, an answer made at once.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::mpsc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use socket2::{Domain, Socket, Type};

use crate::Outcome;
use crate::cores::{Busy, Core, pin};

/// A server on threads of this process, until it ends.
pub struct Bare {
    /// Where it listens.
    pub address: SocketAddr,
    /// What its threads have computed so far.
    pub busy: Vec<Busy>,
}

/// Serves on a free port from one thread for each of `cores`.
///
/// # Errors
/// Where there is no port or no thread.
pub fn serve<A>(answer: A, cores: &[Option<Core>]) -> Outcome<Bare>
where
    A: Fn(&Request<Incoming>) -> Response<Full<Bytes>> + Clone + Send + 'static,
{
    let first = listener((Ipv4Addr::LOCALHOST, 0).into())?;
    let address = first.local_addr()?;
    let mut listeners = vec![first];
    for _ in cores.iter().skip(1) {
        listeners.push(listener(address)?);
    }
    let started = listeners.into_iter().zip(cores).map(|(listener, core)| {
        let (answer, core) = (answer.clone(), *core);
        let (started, thread) = mpsc::channel();
        std::thread::spawn(move || {
            let ready = || started.send(Busy::of_this_thread()).map_err(Into::into);
            if let Err(error) =
                pin(core).and_then(|()| ready()).and_then(|()| reactor(listener, answer))
            {
                eprintln!("the bare server ended: {error}");
            }
        });
        Ok(thread.recv()?)
    });
    Ok(Bare { address, busy: started.collect::<Outcome<_>>()? })
}

fn listener(address: SocketAddr) -> Outcome<TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(1024)?;
    Ok(socket.into())
}

fn reactor<A>(listener: TcpListener, answer: A) -> Outcome<()>
where
    A: Fn(&Request<Incoming>) -> Response<Full<Bytes>> + Clone + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, async move {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let answer = answer.clone();
            tokio::task::spawn_local(async move {
                let service = service_fn(move |request| {
                    let response = answer(&request);
                    async move { Ok::<_, Infallible>(response) }
                });
                // A client that hangs up between rounds is no failure.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    })
}
