//! Listeners: one address, one socket per core, and never two servers on one port.
//!
//! The first socket listens without `SO_REUSEPORT`, which only one socket can do: a second server
//! gets an error instead of half of the traffic. Only then does it, and do the others, share.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use socket2::{Domain, Protocol, SockAddr, Socket, Type};

/// Connections that may wait to be accepted, per socket.
const BACKLOG: i32 = 1024;

/// The sockets of one address.
pub struct Listeners {
    /// The address, with the port that was found if none was asked for.
    pub address: SocketAddr,
    /// The socket that holds the port; connections reach it too.
    pub first: TcpListener,
    /// One for each core.
    pub each: Vec<TcpListener>,
}

/// Listens on `address` with one socket for each of `cores`.
///
/// # Errors
/// `AddrInUse` where another server has the port, and whatever else the system says.
pub fn bind_shared(address: SocketAddr, cores: usize) -> io::Result<Listeners> {
    let first = socket(address)?;
    first.listen(BACKLOG)?;
    first.set_reuse_port(true)?;
    let first: TcpListener = first.into();
    let address = first.local_addr()?;
    let each = (0..cores).map(|_| join(address)).collect::<io::Result<_>>()?;
    Ok(Listeners { address, first, each })
}

/// Listens on `address` with one socket.
///
/// # Errors
/// As [`bind_shared`].
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = socket(address)?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

fn join(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = open(address)?;
    socket.set_reuse_port(true)?;
    socket.bind(&SockAddr::from(address))?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

fn socket(address: SocketAddr) -> io::Result<Socket> {
    let socket = open(address)?;
    socket.bind(&SockAddr::from(address))?;
    Ok(socket)
}

fn open(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}
