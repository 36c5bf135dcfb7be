//! Names to addresses: the system says, but `localhost` and what is below it is this machine (RFC 6761 section 6.3),
//! whether or not the system's resolver knows.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    task::{Context, Poll},
    vec,
};

use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use selvedge::host::BoxFuture;
use tower::Service;

/// Finds the addresses of a backend.
#[derive(Clone)]
pub(super) struct Resolver(GaiResolver);

impl Resolver {
    /// The system's, but for names that are this machine.
    pub(super) fn new() -> Self {
        Self(GaiResolver::new())
    }
}

impl Service<Name> for Resolver {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<Self::Response>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        if is_this_machine(name.as_str()) {
            // The port is the url's.
            let addresses = vec![(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()];
            return Box::pin(std::future::ready(Ok(addresses.into_iter())));
        }
        let asked = self.0.call(name);
        Box::pin(async move { Ok(asked.await?.collect::<Vec<_>>().into_iter()) })
    }
}

/// Case does not matter, nor does a dot at the end.
fn is_this_machine(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

    #[test]
    fn localhost_and_what_is_below_it() {
        for name in ["localhost", "shop.localhost", "A.B.LocalHost", "shop.localhost."] {
            assert!(is_this_machine(name), "{name}");
        }
        for name in ["notlocalhost", "localhost.example", "local", "", "."] {
            assert!(!is_this_machine(name), "{name}");
        }
    }
}
