//! What exists once an edge has started: services by domain, POPs with their shelves, the account.
//!
//! A world is immutable. A request takes a reference and keeps it to its end; a change of what is active in the account
//! makes another world ([`Worlds`]), which shares POPs, stores, clock and all else that is not about services.

mod backend;
mod build;
mod carried;
mod destination;
mod policy;
mod pop;
mod rules;
mod service;
mod start;
mod worlds;

use std::{collections::BTreeMap, sync::Arc};

use selvedge::store::secret::Secret;
use selvedge_model::{id::ServiceId, manifest::Manifest, name::ServiceName};

use self::carried::Carried;
pub use self::{
    backend::{Backend, Goal, Required, Signing},
    build::{Parts, StartError},
    carried::Cached,
    destination::Destination,
    pop::Pop,
    rules::{Counted, Facts, Matched, Met, Rules, Tally, Template},
    service::{Handler, Service},
    start::{Declaration, Planned, Started, plan, start},
    worlds::Worlds,
};
use crate::{
    account::LiveAccount, background::Background, clock::Clock, esi::Abroad, ids::RequestIds,
    stores::kv::KvEngine, trace::Tell,
};

/// Everything that a node serves.
#[derive(Clone)]
pub struct World {
    /// What is active, as a manifest. Stores have no contents in it.
    pub manifest: Manifest,
    /// The POPs, the one where requests enter first.
    pub pops: Vec<Arc<Pop>>,
    /// The services by name.
    pub services: BTreeMap<ServiceName, Arc<Service>>,
    /// Where KV items lie.
    pub kv: Arc<dyn KvEngine>,
    /// The account, whose config items and secrets are those of the moment, whatever world a request is in.
    pub account: Arc<LiveAccount>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where work goes on after its request was answered.
    pub background: Arc<dyn Background>,
    /// Who is told of each hop.
    pub tell: Arc<dyn Tell>,
    /// Names for requests.
    pub ids: Arc<RequestIds>,
    /// The pages that have fragments on the network.
    pub abroad: Arc<Abroad>,
    /// The token of the management API, which debug headers need too; none in a test.
    pub admin_token: Option<Secret>,
    /// Whether error pages show what only the operator should see.
    pub dev: bool,
    /// The ports on which this node takes requests, beside 80 and 443.
    pub data_ports: Vec<u16>,
    domains: BTreeMap<Arc<str>, Arc<Service>>,
    handlers: Arc<[selvedge::Service]>,
    carried: Arc<Carried>,
}

impl World {
    /// The service whose domain a host is. The port does not count, nor the case.
    #[must_use]
    pub fn service_for_host(&self, host: &str) -> Option<&Arc<Service>> {
        self.domains.get(&*bare_host(host))
    }

    /// The domain that a host is as it stands, as nearly all are, and the service that owns it.
    #[must_use]
    pub fn domain(&self, host: &str) -> Option<(&Arc<str>, &Arc<Service>)> {
        self.domains.get_key_value(host)
    }

    /// What a service of the account has cached, be it active or not.
    #[must_use]
    pub fn cached(&self, id: &ServiceId) -> Cached {
        Cached { id: id.clone(), generation: self.carried.lasting(id).generation }
    }

    /// A POP by name.
    #[must_use]
    pub fn pop(&self, name: &str) -> Option<&Arc<Pop>> {
        self.pops.iter().find(|pop| pop.name.as_str() == name)
    }

    /// The POP where requests enter.
    #[must_use]
    pub fn entry_pop(&self) -> Option<&Arc<Pop>> {
        self.pops.first()
    }
}

/// A host without its port and final dot, in lower case; IPv6 literals keep their brackets.
#[must_use]
pub fn bare_host(host: &str) -> String {
    let end = match host.rfind(']') {
        Some(bracket) => bracket + 1,
        None => host.rfind(':').unwrap_or(host.len()),
    };
    let name = host.get(..end).unwrap_or(host);
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::bare_host;

    #[test]
    fn a_host_is_compared_without_port_case_and_final_dot() {
        for (given, bare) in [
            ("Shop.LocalHost:7676", "shop.localhost"),
            ("shop.localhost.", "shop.localhost"),
            ("[::1]:80", "[::1]"),
            ("[::1]", "[::1]"),
            ("", ""),
            (":", ""),
        ] {
            assert_eq!(bare_host(given), bare);
        }
    }
}
