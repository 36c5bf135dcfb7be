//! Which service calls which: cycles, the longest chain, and the order in which a chain is purged.
//!
//! An edge leads from the caller to the service that is entered. A backend with `service =` enters
//! that service. A backend with a url stays in the process when the url's host is a domain of this
//! account and its port a data port; the service entered is then chosen by the Host that is sent, so
//! that a forgotten `override_host` enters the caller again. IP literals and `localhost` never count.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use crate::limits::{DEFAULT_ADMIN_PORT, DEFAULT_DATA_PORT};
use crate::manifest::{Backend, BackendUrl, Manifest, Service, Target};
use crate::name::{Domain, ServiceName};

mod component;

/// The services of an account and their calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainGraph {
    calls: BTreeMap<ServiceName, BTreeSet<ServiceName>>,
}

/// What a backend enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entered<'m> {
    /// Nothing of this account: the send leaves the process.
    Outside,
    /// This service.
    Service(&'m ServiceName),
    /// The caller again: the url belongs to `meant`, but no Host is written, so the one that the
    /// caller received is sent on.
    CallerAgain {
        /// The service whose domain the url names.
        meant: &'m ServiceName,
    },
    /// Nobody: the url belongs to `meant`, but the Host that is sent is no domain of this account.
    Nobody {
        /// The service whose domain the url names.
        meant: &'m ServiceName,
        /// The Host.
        host: &'m str,
    },
}

impl ChainGraph {
    /// The graph of an account.
    pub fn of(manifest: &Manifest) -> Self {
        let domains = Domains::of(manifest);
        let callees = |service: &Service| {
            let enters = |backend| match domains.entered(backend) {
                Entered::Outside | Entered::Nobody { .. } => None,
                Entered::Service(name) => Some(name.clone()),
                Entered::CallerAgain { .. } => Some(service.name.clone()),
            };
            service.backends.values().filter_map(enters).collect()
        };
        let services = manifest.services.values();
        Self { calls: services.map(|service| (service.name.clone(), callees(service))).collect() }
    }

    /// Every call as (caller, callee), sorted.
    pub fn edges(&self) -> impl Iterator<Item = (&ServiceName, &ServiceName)> {
        self.calls.iter().flat_map(|(from, to)| to.iter().map(move |to| (from, to)))
    }

    /// Cycles, each as the services on it in calling order: every service that calls itself, and
    /// one shortest cycle for each group of services that all reach each other.
    pub fn cycles(&self) -> Vec<Vec<ServiceName>> {
        let loops =
            self.edges().filter(|(from, to)| from == to).map(|(from, _)| vec![from.clone()]);
        let groups = component::all(&self.calls);
        let around = groups.iter().filter(|group| group.len() > 1).map(|group| self.around(group));
        loops.chain(around).collect()
    }

    /// The longest chain, as the services on it in calling order. Services that all reach each other
    /// count with each of them, as a request may meet them all.
    pub fn longest(&self) -> Vec<ServiceName> {
        let groups = component::all(&self.calls);
        component::heaviest_path(&groups, &self.calls).into_iter().flatten().cloned().collect()
    }

    /// The order in which services are purged: origin side first, so that no service refills from
    /// one that is still to be purged. Within a cycle the order of names decides.
    pub fn purge_order(&self) -> Vec<ServiceName> {
        component::all(&self.calls).into_iter().flatten().cloned().collect()
    }

    /// Whether two services reach each other, so that none of them is nearer to the origin.
    pub fn are_in_a_cycle(&self, one: &ServiceName, other: &ServiceName) -> bool {
        let groups = component::all(&self.calls);
        one != other && groups.iter().any(|group| group.contains(&one) && group.contains(&other))
    }

    /// A shortest cycle through the first service of a group.
    fn around(&self, group: &[&ServiceName]) -> Vec<ServiceName> {
        let Some(start) = group.first() else { return Vec::new() };
        let inside = |name: &&ServiceName| group.binary_search(name).is_ok();
        let mut came_from: BTreeMap<&ServiceName, &ServiceName> = BTreeMap::new();
        let mut queue = std::collections::VecDeque::from([*start]);
        while let Some(name) = queue.pop_front() {
            for next in self.calls.get(name).into_iter().flatten().filter(inside) {
                if next == name {
                    continue; // a service that calls itself is reported as such
                }
                if next == *start {
                    return walk_back(start, name, &came_from);
                }
                if !came_from.contains_key(next) {
                    came_from.insert(next, name);
                    queue.push_back(next);
                }
            }
        }
        Vec::new()
    }
}

/// The way from the start to the last service, found from its end.
fn walk_back(
    start: &ServiceName,
    last: &ServiceName,
    came_from: &BTreeMap<&ServiceName, &ServiceName>,
) -> Vec<ServiceName> {
    let before = |name: &&ServiceName| {
        if *name == start { None } else { came_from.get(*name).copied() }
    };
    let mut way: Vec<ServiceName> = std::iter::successors(Some(last), before).cloned().collect();
    way.reverse();
    way
}

/// Who owns which domain, and which ports are ours.
pub struct Domains<'m> {
    owners: BTreeMap<&'m Domain, &'m ServiceName>,
    data: Door,
    admin: Door,
}

/// Where the node listens, as far as that is known.
struct Door {
    address: Option<SocketAddr>,
    port: u16,
}

impl Door {
    fn at(address: Option<SocketAddr>, default: u16) -> Self {
        Self { address, port: address.map_or(default, |address| address.port()) }
    }

    /// Whether a url leads to it: by its address, or by any that this machine has for itself.
    fn has(&self, url: &BackendUrl) -> bool {
        let host = url.host.trim_start_matches('[').trim_end_matches(']');
        let is_its_own = self.address.is_some_and(|address| host.parse() == Ok(address.ip()));
        url.port == self.port && (url.is_loopback() || is_its_own)
    }
}

impl<'m> Domains<'m> {
    /// The domains of an account.
    pub fn of(manifest: &'m Manifest) -> Self {
        let owned = |service: &'m Service| {
            service.domains.iter().map(move |domain| (domain, &service.name))
        };
        let owners = manifest.services.values().flat_map(owned).collect();
        let data = Door::at(manifest.dev.listen, DEFAULT_DATA_PORT);
        let admin = Door::at(manifest.dev.admin, DEFAULT_ADMIN_PORT);
        Self { owners, data, admin }
    }

    /// What a send to a backend enters.
    pub fn entered(&self, backend: &'m Backend) -> Entered<'m> {
        match &backend.target {
            Target::Service(name) => Entered::Service(name),
            Target::Url(url) => {
                match self.owner(&url.host).filter(|_| url.may_be_ours(&[self.data.port])) {
                    Some(meant) => self.by_host(backend.override_host.as_deref(), meant),
                    None => Entered::Outside,
                }
            }
        }
    }

    /// Whether a send to a backend leaves the process only to come back to the address where requests are taken.
    pub fn is_own_address(&self, backend: &Backend) -> bool {
        let Target::Url(url) = &backend.target else { return false };
        let stays = !backend.bypass_local
            && url.may_be_ours(&[self.data.port])
            && self.owner(&url.host).is_some();
        self.data.has(url) && !stays
    }

    /// Whether a send to a backend comes to the management API of this node.
    pub fn is_admin_address(&self, backend: &Backend) -> bool {
        matches!(&backend.target, Target::Url(url) if self.admin.has(url))
    }

    /// The service that owns a host, with or without a port.
    pub fn owner(&self, host: &str) -> Option<&'m ServiceName> {
        self.owners.get(&Domain::new(without_port(host)).ok()?).copied()
    }

    /// The service that a Host selects; no service at all is refused at the door, so no call.
    fn by_host(&self, sent: Option<&'m str>, meant: &'m ServiceName) -> Entered<'m> {
        let Some(host) = sent else { return Entered::CallerAgain { meant } };
        self.owner(host).map_or(Entered::Nobody { meant, host }, Entered::Service)
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, _)) if !host.ends_with(']') => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests;
