//! From a checked manifest and the handlers at hand to a world, or every reason why not.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64},
    },
};

use http::HeaderValue;
use selvedge::store::secret::Secret;
use selvedge_cache::shelf::Shelf;
use selvedge_model::{
    manifest::{self, Manifest, ServiceKind},
    name::{PopName, ServiceName, StoreKind},
    need, suggest,
};

use super::{Backend, Goal, Handler, Pop, Rules, Service, Signing, World, policy};
use crate::{
    background::Background,
    clock::Clock,
    flight::Waits,
    ids::RequestIds,
    stores::{config::ConfigStores, kv::KvEngine, secret::SecretStores},
    trace::Tell,
};

/// What a world is made of, beside its manifest.
pub struct Parts {
    /// The handlers that this program contains.
    pub handlers: Vec<selvedge::Service>,
    /// Where KV items lie.
    pub kv: Arc<dyn KvEngine>,
    /// Secrets, already loaded.
    pub secrets: SecretStores,
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

/// Builds the world.
///
/// # Errors
/// Every handler that is missing and every need of a handler that its service version lacks.
pub fn build(manifest: Manifest, parts: Parts) -> Result<World, StartError> {
    let mut wrong = Vec::new();
    let mut numbers = 0..;
    let mut services = BTreeMap::new();
    for settings in manifest.services.values() {
        match service(settings, &parts.handlers, &mut numbers) {
            Ok(service) => drop(services.insert(settings.name.clone(), Arc::new(service))),
            Err(reasons) => wrong.extend(reasons),
        }
    }
    if !wrong.is_empty() {
        return Err(StartError(wrong));
    }
    Ok(World {
        pops: pops(&manifest, &parts.entry, parts.shelf_bytes),
        domains: domains(&services),
        services,
        kv: parts.kv,
        config: ConfigStores::from_manifest(&manifest),
        secrets: parts.secrets,
        clock: parts.clock,
        background: parts.background,
        tell: parts.tell,
        ids: parts.ids,
        admin_token: parts.admin_token,
        dev: parts.dev,
        data_ports: parts.data_ports,
        manifest,
    })
}

/// Each POP has the same share of the memory.
fn pops(manifest: &Manifest, entry: &PopName, shelf_bytes: u64) -> Vec<Arc<Pop>> {
    let each = shelf_bytes / u64::try_from(manifest.pops.len().max(1)).unwrap_or(1);
    let shelf = || match manifest.shelf.max_object {
        Some(most) => Shelf::new(each).with_max_object(most),
        None => Shelf::new(each),
    };
    let waits = Arc::new(Waits::default());
    let pop = |name: &PopName| Arc::new(Pop::new(name.clone(), shelf(), &waits));
    let mut pops: Vec<Arc<Pop>> = manifest.pops.iter().map(pop).collect();
    pops.sort_by_key(|pop| pop.name != *entry);
    pops
}

fn domains(services: &BTreeMap<ServiceName, Arc<Service>>) -> BTreeMap<Arc<str>, Arc<Service>> {
    let pairs = services.values().flat_map(|service| {
        let domains = service.settings.domains.iter();
        domains.map(|domain| (domain.as_str().into(), Arc::clone(service)))
    });
    pairs.collect()
}

fn service(
    settings: &manifest::Service,
    handlers: &[selvedge::Service],
    numbers: &mut impl Iterator<Item = usize>,
) -> Result<Service, Vec<String>> {
    let handler = handler(settings, handlers)?;
    let required_secrets = required_secrets(settings, &handler)?;
    let backends = settings.backends.values().map(|backend| {
        let number = numbers.next().unwrap_or_default();
        (backend.name.as_str().to_owned(), self::backend(settings, backend, number))
    });
    Ok(Service {
        backends: backends.collect(),
        required_secrets,
        policy: policy::of(settings),
        generation: AtomicU64::new(0),
        looks_at_clients: handler.rules().is_none_or(Rules::look_at_clients),
        varied_by_client: AtomicBool::new(false),
        handler,
        settings: settings.clone(),
    })
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
) -> Result<Option<selvedge_model::name::StoreName>, Vec<String>> {
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
    match settings.links.get(secrets) {
        Some(link) if link.kind == StoreKind::Secret => Ok(Some(link.store.clone())),
        _ => Err(vec![format!(
            "service `{}` checks chain tokens with `{secrets}`, but has no secret_store linked \
             under that name",
            settings.name
        )]),
    }
}

fn backend(service: &manifest::Service, settings: &manifest::Backend, number: usize) -> Backend {
    let goal = Goal::of(&settings.target);
    let signing = settings.chain_auth.as_ref().and_then(|auth| {
        let config = service.links.get(auth.config.as_str())?.store.clone();
        let secrets = service.links.get(auth.secrets.as_str())?.store.clone();
        Some(Signing { config, secrets })
    });
    let host = settings.override_host.as_deref();
    let override_host = host.and_then(|host| HeaderValue::from_str(host).ok());
    Backend { goal, signing, override_host, number, settings: settings.clone() }
}
