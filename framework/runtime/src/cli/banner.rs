//! What the author sees when a node is up: services, links, chains, state, admin.

use std::{fmt, net::SocketAddr, path::Path};

use selvedge::store::secret::Secret;
use selvedge_model::{
    manifest::{Backend, Service, ServiceKind, Target},
    name::StoreKind,
};

use crate::world::World;

/// A running node in a dozen lines.
pub(super) struct Banner<'a> {
    pub(super) world: &'a World,
    pub(super) data: SocketAddr,
    pub(super) admin: SocketAddr,
    pub(super) state: &'a Path,
    pub(super) token: &'a Secret,
}

impl fmt::Display for Banner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let manifest = &self.world.manifest;
        writeln!(f, "\n  {}", manifest.name)?;
        for service in manifest.services.values() {
            write_service(f, service, self.data.port())?;
        }
        writeln!(f, "\n  state   {}", self.state.display())?;
        writeln!(f, "  admin   http://{}/account", self.admin)?;
        let token = String::from_utf8_lossy(self.token.plaintext());
        writeln!(f, "  token   {token}  (send it as `Fastly-Key`)")
    }
}

fn write_service(f: &mut fmt::Formatter<'_>, service: &Service, port: u16) -> fmt::Result {
    let kind = match service.kind {
        ServiceKind::Compute { .. } => "compute",
        ServiceKind::Delivery { .. } => "delivery",
    };
    writeln!(f, "\n  {} ({kind})", service.name)?;
    for domain in &service.domains {
        writeln!(f, "    http://{domain}:{port}/")?;
    }
    for (name, link) in &service.links {
        let hidden = if link.kind == StoreKind::Secret { "  (hidden)" } else { "" };
        writeln!(f, "    {name}: {} -> {}{hidden}", link.kind, link.store)?;
    }
    service.backends.values().try_for_each(|backend| write_arrow(f, backend))
}

fn write_arrow(f: &mut fmt::Formatter<'_>, backend: &Backend) -> fmt::Result {
    let arrow = if backend.chain_auth.is_some() { "=signed=>" } else { "------->" };
    match &backend.target {
        Target::Service(name) => writeln!(f, "    {} {arrow} service {name}", backend.name),
        Target::Url(url) => writeln!(f, "    {} {arrow} {}", backend.name, url.authority()),
    }
}
