//! One service of a world, from its active version, or every reason why not.

use std::{collections::BTreeMap, sync::Arc};

use http::HeaderValue;
use selvedge_account::Account;
use selvedge_model::{
    id::{ServiceId, StoreId},
    manifest::{self, Scheme, ServiceKind, Target},
    name::StoreKind,
    need, suggest,
};

use crate::{
    backends::State,
    network::check_name,
    world::{
        Backend, Goal, Handler, Required, Rules, Service, Signing, Tally, World, carried::Carried,
        policy,
    },
};

/// The stores of a service by link name.
type Links = BTreeMap<String, (StoreKind, StoreId)>;

/// Builds a service; what goes on from the world before is taken from there.
pub(super) fn service(
    settings: &manifest::Service,
    before: &World,
    account: &Account,
) -> Result<Service, Vec<String>> {
    let id = id(settings, account)?;
    let old = before.services.get(&settings.name).filter(|old| old.id == id);
    let lasting = before.carried.lasting(&id);
    let handler = handler(settings, &before.handlers, &lasting.tally)?;
    let links = links(&id, account);
    let required = required(settings, &handler, &links)?;
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
        looks_at_clients: handler.rules().is_none_or(Rules::look_at_clients),
        cached: before.cached(&id),
        varied_by_client: lasting.varied_by_client,
        handler,
        required,
        nonces: lasting.nonces,
        refusals: lasting.refusals,
        policy: policy::of(settings),
        settings: settings.clone(),
        links,
        id,
    })
}

/// What is wrong with the name that a backend's certificate must carry; without TLS there is none.
fn wrong_name(backend: &manifest::Backend) -> Option<String> {
    let Target::Url(url) = &backend.target else { return None };
    if url.scheme == Scheme::Http {
        return None;
    }
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
    tally: &Tally,
) -> Result<Handler, Vec<String>> {
    match &settings.kind {
        ServiceKind::Delivery { rules, backend } => {
            let rules = Rules::of(rules, tally);
            Ok(Handler::Delivery(rules, backend.as_str().to_owned()))
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
fn required(
    settings: &manifest::Service,
    handler: &Handler,
    links: &Links,
) -> Result<Option<Required>, Vec<String>> {
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
        Some((StoreKind::Secret, store)) => Ok(Some(terms(by_manifest, store.clone()))),
        _ => Err(vec![format!(
            "service `{}` checks chain tokens with `{secrets}`, but has no secret_store linked \
             under that name",
            settings.name
        )]),
    }
}

/// What the manifest says of tokens, or what holds where only the code requires them.
fn terms(said: Option<&manifest::RequireChainAuth>, secrets: StoreId) -> Required {
    let Some(said) = said else { return Required::by_code(secrets) };
    let window_ms = u64::try_from(said.window.as_millis()).unwrap_or(u64::MAX);
    Required { secrets, accept: said.accept.clone(), window_ms, nonces: said.nonces }
}

/// A backend that is as it was keeps its number, and with it its connections, and what is known of it.
fn backend(
    links: &Links,
    settings: &manifest::Backend,
    old: Option<&Backend>,
    carried: &Carried,
) -> Backend {
    let signing = settings.chain_auth.as_ref().and_then(|auth| {
        let (_, config) = links.get(auth.config.as_str())?.clone();
        let (_, secrets) = links.get(auth.secrets.as_str())?.clone();
        Some(Signing { config, secrets, mode: auth.mode })
    });
    let host = settings.override_host.as_deref();
    let override_host = host.and_then(|host| HeaderValue::from_str(host).ok());
    let (number, life, state) = match old.filter(|old| old.settings == *settings) {
        Some(old) => (old.number, Arc::clone(&old.life), Arc::clone(&old.state)),
        None => (carried.backend(), Arc::default(), Arc::new(State::of(settings))),
    };
    let goal = Goal::of(&settings.target);
    Backend { goal, signing, override_host, number, life, state, settings: settings.clone() }
}
