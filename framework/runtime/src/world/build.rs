//! From what is active in an account and the handlers at hand to a world, or every reason why not.

use std::{collections::BTreeMap, fmt, sync::Arc};

use http::HeaderValue;
use selvedge::store::secret::Secret;
use selvedge_account::Account;
use selvedge_cache::shelf::Shelf;
use selvedge_model::{
    id::{ServiceId, StoreId},
    manifest::{self, Manifest, ServiceKind, Target},
    name::{PopName, ServiceName, StoreKind},
    need, suggest,
};

use super::{Backend, Carried, Goal, Handler, Pop, Rules, Service, Signing, World, policy};
use crate::{
    account::LiveAccount,
    background::Background,
    clock::Clock,
    flight::Waits,
    ids::RequestIds,
    network::check_name,
    stores::kv::{KvEngine, PopKv, View},
    trace::Tell,
};

/// The stores of a service by link name.
type Links = BTreeMap<String, (StoreKind, StoreId)>;

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
    let shelf = || match manifest.shelf.max_object {
        Some(most) => Shelf::new(each).with_max_object(most),
        None => Shelf::new(each),
    };
    let waits = Arc::new(Waits::default());
    let pop = |name: &PopName| Arc::new(Pop::new(name.clone(), shelf(), kv(), &waits));
    let mut pops: Vec<Arc<Pop>> = manifest.pops.iter().map(pop).collect();
    pops.sort_by_key(|pop| pop.name != parts.entry);
    pops
}

fn domains(services: &BTreeMap<ServiceName, Arc<Service>>) -> BTreeMap<String, Arc<Service>> {
    let pairs = services.values().flat_map(|service| {
        let domains = service.settings.domains.iter();
        domains.map(|domain| (domain.as_str().to_owned(), Arc::clone(service)))
    });
    pairs.collect()
}

fn service(
    settings: &manifest::Service,
    before: &World,
    account: &Account,
) -> Result<Service, Vec<String>> {
    let handler = handler(settings, &before.handlers)?;
    let id = id(settings, account)?;
    let links = links(&id, account);
    let required_secrets = required_secrets(settings, &handler, &links)?;
    let old = before.services.get(&settings.name).filter(|old| old.id == id);
    let unverifiable: Vec<String> = settings.backends.values().filter_map(wrong_name).collect();
    if !unverifiable.is_empty() {
        return Err(unverifiable);
    }
    let backends = settings.backends.values().map(|backend| {
        let name = backend.name.as_str();
        let old = old.and_then(|old| old.backends.get(name));
        (name.to_owned(), self::backend(&links, backend, old, &before.carried))
    });
    Ok(Service {
        backends: backends.collect(),
        handler,
        required_secrets,
        policy: policy::of(settings),
        generation: before.carried.generation(&settings.name, &id),
        settings: settings.clone(),
        links,
        id,
    })
}

/// What is wrong with the name that a backend's certificate must carry.
fn wrong_name(backend: &manifest::Backend) -> Option<String> {
    let Target::Url(url) = &backend.target else { return None };
    check_name(backend.cert_host.as_deref().unwrap_or(&url.host)).err()
}

fn id(settings: &manifest::Service, account: &Account) -> Result<ServiceId, Vec<String>> {
    let found = account.service_named(settings.name.as_str());
    found.map(|service| service.id.clone()).map_err(|refused| vec![refused.to_string()])
}

/// What the active version links, by id: a store keeps its links when it is renamed.
fn links(service: &ServiceId, account: &Account) -> Links {
    let links = account.active(service).map_or(&[][..], |version| &version.links).iter();
    let links = links.filter_map(|link| {
        let store = account.resource(&link.store)?;
        Some((link.name.clone(), (store.kind, link.store.clone())))
    });
    links.collect()
}

fn handler(
    settings: &manifest::Service,
    handlers: &[selvedge::Service],
) -> Result<Handler, Vec<String>> {
    match &settings.kind {
        ServiceKind::Delivery { rules } => {
            let backend = settings.backends.keys().next().map(|name| name.as_str().to_owned());
            Ok(Handler::Delivery(Rules::of(rules), backend.unwrap_or_default()))
        }
        ServiceKind::Compute { handler } => compute(settings, handler, handlers),
    }
}

fn compute(
    settings: &manifest::Service,
    wanted: &str,
    handlers: &[selvedge::Service],
) -> Result<Handler, Vec<String>> {
    let Some(found) = handlers.iter().find(|handler| handler.name() == wanted) else {
        return Err(vec![missing_handler(settings, wanted, handlers)]);
    };
    let unmet = need::unmet(found.needs(), settings);
    if unmet.is_empty() {
        return Ok(Handler::Compute(found.clone()));
    }
    Err(unmet.iter().map(|unmet| format!("service `{}`: {unmet}", settings.name)).collect())
}

fn missing_handler(
    settings: &manifest::Service,
    wanted: &str,
    handlers: &[selvedge::Service],
) -> String {
    let names: Vec<&str> = handlers.iter().map(selvedge::Service::name).collect();
    let hint = match (suggest::nearest(wanted, names.iter().copied()), names.is_empty()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, false) => format!("it contains {}", names.join(", ")),
        (None, true) => "it contains none: run the binary that does".to_owned(),
    };
    format!(
        "service `{}` wants the handler `{wanted}`, which this program does not contain; {hint}",
        settings.name
    )
}

/// The manifest and the code may both require chain auth; they must name the same stores.
fn required_secrets(
    settings: &manifest::Service,
    handler: &Handler,
    links: &Links,
) -> Result<Option<StoreId>, Vec<String>> {
    let by_code = match handler {
        Handler::Compute(service) => service.chain_auth(),
        Handler::Delivery(..) => None,
    };
    let by_manifest = settings.require_chain_auth.as_ref();
    let secrets = match (by_manifest, by_code) {
        (None, None) => return Ok(None),
        (Some(one), Some(other))
            if one.config.as_str() != other.config || one.secrets.as_str() != other.secrets =>
        {
            return Err(vec![format!(
                "service `{}`: the manifest checks chain tokens with `{}` and `{}`, the code \
                 with `{}` and `{}`",
                settings.name, one.config, one.secrets, other.config, other.secrets
            )]);
        }
        (Some(one), _) => one.secrets.as_str(),
        (None, Some(other)) => other.secrets,
    };
    match links.get(secrets) {
        Some((StoreKind::Secret, store)) => Ok(Some(store.clone())),
        _ => Err(vec![format!(
            "service `{}` checks chain tokens with `{secrets}`, but has no secret_store linked \
             under that name",
            settings.name
        )]),
    }
}

/// A backend that is as it was keeps its number, and with it its connections.
fn backend(
    links: &Links,
    settings: &manifest::Backend,
    old: Option<&Backend>,
    carried: &Carried,
) -> Backend {
    let signing = settings.chain_auth.as_ref().and_then(|auth| {
        let (_, config) = links.get(auth.config.as_str())?.clone();
        let (_, secrets) = links.get(auth.secrets.as_str())?.clone();
        Some(Signing { config, secrets })
    });
    let host = settings.override_host.as_deref();
    let override_host = host.and_then(|host| HeaderValue::from_str(host).ok());
    let (number, life) = match old.filter(|old| old.settings == *settings) {
        Some(old) => (old.number, Arc::clone(&old.life)),
        None => (carried.backend(), Arc::default()),
    };
    let goal = Goal::of(&settings.target);
    Backend { goal, signing, override_host, number, life, settings: settings.clone() }
}
