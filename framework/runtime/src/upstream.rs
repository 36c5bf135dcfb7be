//! The way out: what carries a request to the network. The testkit puts scripted origins here.

use selvedge::{Request, Response, Result, host::BoxFuture};

use crate::{
    interim::Interim,
    world::{Backend, Service},
};

/// Carries requests to addresses outside the process.
pub trait Upstream: Send + Sync + 'static {
    /// Sends a request whose headers are final. Fails only where no response was received.
    fn send<'a>(&'a self, errand: Errand<'a>) -> BoxFuture<'a, Result<Response>>;
}

/// One request to the network.
pub struct Errand<'a> {
    /// The service that sends.
    pub service: &'a Service,
    /// To which of its backends.
    pub backend: &'a Backend,
    /// The request. Its URI is a path and query.
    pub request: Request,
    /// Where interim responses go.
    pub interim: Interim,
}
