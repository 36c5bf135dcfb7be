//! The keys under which the objects of a URL may lie.

use http::{Uri, uri::PathAndQuery};
use selvedge_cache::key::Key;

use crate::world::{Service, World, bare_host};

/// Every key that a service may have for a URL, whichever rule a request's headers select and
/// whichever port of ours it names. What rules add to a key does not matter: the shelf purges all
/// keys of a target.
pub(super) fn keys(
    world: &World,
    service: &Service,
    host: &str,
    target: &PathAndQuery,
) -> Vec<Key> {
    let uri = Uri::from(target.clone());
    let hosts = hosts(world, host);
    let mut keys: Vec<Key> = Vec::new();
    for key in hosts.iter().flat_map(|host| service.keys(host, &uri)) {
        // Two rules may make the same key; it is counted once.
        if !keys.iter().any(|known| known.same_target(&key)) {
            keys.push(key);
        }
    }
    keys
}

/// The host as it was given, without a port, and with each one that leads here; keys have no default ports.
fn hosts(world: &World, given: &str) -> Vec<String> {
    let bare = bare_host(given);
    let ports = world.data_ports.iter();
    let mut hosts: Vec<String> = ports.map(|port| format!("{bare}:{port}")).collect();
    hosts.extend([given.to_ascii_lowercase(), bare]);
    hosts.sort();
    hosts.dedup();
    hosts
}
