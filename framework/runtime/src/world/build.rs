//! From what is active in an account and the handlers at hand to a world, or every reason why not.

mod service;

use std::{collections::BTreeMap, fmt, sync::Arc};

use selvedge::store::secret::Secret;
use selvedge_account::Account;
use selvedge_cache::shelf::Shelf;
use selvedge_model::{
    manifest::Manifest,
    name::{PopName, ServiceName},
};

use self::service::service;
use super::{Pop, Service, World};
use crate::{
    account::LiveAccount,
    background::Background,
    clock::Clock,
    flight::Waits,
    ids::RequestIds,
    stores::kv::{KvEngine, PopKv, View},
    trace::Tell,
};

/// What a world is made of, beside its manifest.
pub struct Parts {
    /// The handlers that this program contains.
    pub handlers: Vec<selvedge::Service>,
    /// Where KV items lie.
    pub kv: Arc<dyn KvEngine>,
    /// What POPs keep of what they have read there; its memory is over all POPs of this process.
    pub kv_view: View,
    /// The account.
    pub account: Arc<LiveAccount>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where work goes on after its request was answered.
    pub background: Arc<dyn Background>,
    /// Who is told of each hop.
    pub tell: Arc<dyn Tell>,
    /// Names for requests.
    pub ids: RequestIds,
    /// The POP where requests enter.
    pub entry: PopName,
    /// Bytes for cached objects, over all POPs of this process.
    pub shelf_bytes: u64,
    /// The token of the management API, which debug headers need too; none in a test.
    pub admin_token: Option<Secret>,
    /// Whether error pages show what only the operator should see.
    pub dev: bool,
    /// The ports on which this node takes requests.
    pub data_ports: Vec<u16>,
}

/// Why an edge cannot start: every reason, each a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartError(pub Vec<String>);

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for StartError {}

/// Builds the first world of a node.
///
/// # Errors
/// Every handler that is missing and every need of a handler that its service version lacks.
pub(super) fn first(
    manifest: Manifest,
    account: &Account,
    parts: Parts,
) -> Result<World, StartError> {
    let empty = World {
        pops: pops(&manifest, &parts),
        domains: BTreeMap::new(),
        services: BTreeMap::new(),
        kv: parts.kv,
        account: parts.account,
        clock: parts.clock,
        background: parts.background,
        tell: parts.tell,
        ids: Arc::new(parts.ids),
        abroad: Arc::default(),
        admin_token: parts.admin_token,
        dev: parts.dev,
        data_ports: parts.data_ports,
        handlers: parts.handlers.into(),
        carried: Arc::default(),
        manifest: manifest.clone(),
    };
    next(&empty, manifest, account).map_err(StartError)
}

/// Builds the world that comes after this one.
///
/// # Errors
/// As [`first`].
pub(super) fn next(
    before: &World,
    manifest: Manifest,
    account: &Account,
) -> Result<World, Vec<String>> {
    let mut wrong = Vec::new();
    let mut services = BTreeMap::new();
    for settings in manifest.services.values() {
        match service(settings, before, account) {
            Ok(service) => drop(services.insert(settings.name.clone(), Arc::new(service))),
            Err(reasons) => wrong.extend(reasons),
        }
    }
    match wrong.is_empty() {
        true => {
            let domains = domains(&services);
            Ok(World { services, domains, manifest, ..before.clone() })
        }
        false => Err(wrong),
    }
}

/// Each POP has the same share of the memory.
fn pops(manifest: &Manifest, parts: &Parts) -> Vec<Arc<Pop>> {
    let count = manifest.pops.len().max(1);
    let each = parts.shelf_bytes / u64::try_from(count).unwrap_or(1);
    let view = View { bytes: parts.kv_view.bytes / count, ..parts.kv_view };
    let kv = || PopKv::new(Arc::clone(&parts.kv), view);
    // They fill from each other, where one is the shield of another.
    let first = Shelf::new(each);
    let shelf = || match manifest.shelf.max_object {
        Some(most) => first.beside(each).with_max_object(most),
        None => first.beside(each),
    };
    let waits = Arc::new(Waits::default());
    let pop = |name: &PopName| Arc::new(Pop::new(name.clone(), shelf(), kv(), &waits));
    let mut pops: Vec<Arc<Pop>> = manifest.pops.iter().map(pop).collect();
    pops.sort_by_key(|pop| pop.name != parts.entry);
    pops
}

fn domains(services: &BTreeMap<ServiceName, Arc<Service>>) -> BTreeMap<Arc<str>, Arc<Service>> {
    let pairs = services.values().flat_map(|service| {
        let domains = service.settings.domains.iter();
        domains.map(|domain| (domain.as_str().into(), Arc::clone(service)))
    });
    pairs.collect()
}
