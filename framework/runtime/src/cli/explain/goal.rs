//! Where a backend leads.

use selvedge_model::{
    chain::{Domains, Entered},
    manifest::{Backend, BackendUrl, Target},
    name::ServiceName,
};

/// Where a backend leads, for a Host that is sent.
pub(super) enum Goal<'m> {
    /// To the network, where this service's domain is looked up, if it is one of ours.
    Network(Option<&'m ServiceName>),
    /// To the node itself, through the network, and there to the service that answers to the Host, if one does.
    ThisNode(Option<&'m ServiceName>),
    /// Into a service, without a socket.
    Service(&'m ServiceName),
    /// Into the process, where nobody answers to that Host.
    Nobody,
}

/// Where a send to a backend goes.
pub(super) fn goal<'m>(domains: &Domains<'m>, backend: &'m Backend, host: &str) -> Goal<'m> {
    let meant = match domains.entered(backend) {
        Entered::Outside if domains.is_own_address(backend) => {
            return Goal::ThisNode(domains.owner(host));
        }
        Entered::Outside => return Goal::Network(None),
        Entered::Service(name) => name,
        Entered::CallerAgain { meant } | Entered::Nobody { meant, .. } => meant,
    };
    match &backend.target {
        Target::Service(name) => Goal::Service(name),
        Target::Url(_) if backend.bypass_local => Goal::Network(Some(meant)),
        Target::Url(_) => domains.owner(host).map_or(Goal::Nobody, Goal::Service),
    }
}

/// A url as one writes it.
pub(super) fn whole(url: &BackendUrl) -> String {
    format!("{}://{}", url.scheme.as_str(), url.authority())
}
