//! Backends that lead where nobody can have meant: to the node itself through the network, to its management API, or into the
//! process with a Host that nobody here answers to.

use super::{Sink, Table, backend_place};
use crate::chain::{Domains, Entered};
use crate::manifest::{Backend, Service};

/// Warns of a backend that does.
pub(super) fn warn(
    service: &Service,
    backend: &Backend,
    domains: &Domains<'_>,
    root: &Table<'_>,
    sink: &mut Sink<'_>,
) {
    if let Entered::Nobody { meant, host } = domains.entered(backend) {
        let what = format!(
            "backend `{}` sends the Host `{host}`, which is no domain of this account, to `{meant}`",
            backend.name
        );
        let hint =
            format!("that is answered with 421; write service = \"{meant}\", or a domain of it");
        sink.warn(backend_place(service, backend, root), what, hint);
    }
    if domains.is_admin_address(backend) {
        let (name, from) = (&backend.name, &service.name);
        let what = format!("backend `{name}` of `{from}` leads to the management API of this node");
        let hint = "whoever reaches the service could talk to it; write the url of its origin";
        sink.warn(backend_place(service, backend, root), what, hint);
    }
    if domains.is_own_address(backend) {
        let name = &backend.name;
        let what = format!("backend `{name}` of `{}` leads to this node itself", service.name);
        let host = backend.override_host.as_deref();
        let hint = match host.and_then(|host| domains.owner(host)) {
            Some(next) if *next != service.name => {
                format!("write service = \"{next}\", which needs no connection")
            }
            _ => format!(
                "`{}` would call itself until `Loop detected`; write the url of its origin",
                service.name
            ),
        };
        sink.warn(backend_place(service, backend, root), what, hint);
    }
}
