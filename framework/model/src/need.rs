//! What handler code requires of the service that it runs in.
//!
//! Macros write needs as constants; the runtime compares them with the service when it starts, and
//! reports everything that is missing at once.

use std::fmt;

use crate::manifest::{Backend, Service};
use crate::name::StoreKind;
use crate::suggest;

/// What kind of thing is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeedKind {
    /// A link to a store of this kind.
    Store(StoreKind),
    /// A backend.
    Backend {
        /// The links that the code names for signing, if it names any.
        chain_auth: Option<ChainStores>,
    },
}

/// The two links of chain auth, as code names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainStores {
    /// Link to the config store.
    pub config: &'static str,
    /// Link to the secret store.
    pub secrets: &'static str,
}

/// One thing that code requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// What it is.
    pub kind: NeedKind,
    /// The name of the link or backend.
    pub name: &'static str,
}

/// A need that a service does not meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// What is needed.
    pub need: Need,
    /// The service that lacks it.
    pub service: String,
    /// Why it is not met.
    pub why: UnmetWhy,
}

/// Why a need is not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnmetWhy {
    /// Nothing has that name.
    Missing {
        /// The nearest name that would do.
        nearest: Option<String>,
    },
    /// The link leads to a store of another kind.
    OtherKind {
        /// The kind that is linked instead.
        found: StoreKind,
        /// The store that is linked instead.
        store: String,
    },
    /// The code signs and the manifest says nothing about it.
    NotSigned,
    /// The code and the manifest name different links for signing.
    SignedOtherwise {
        /// The manifest's link to the config store.
        config: String,
        /// The manifest's link to the secret store.
        secrets: String,
    },
}

/// The needs that a service does not meet, in the order given, each once.
pub fn unmet(needs: &[Need], service: &Service) -> Vec<Unmet> {
    let mut found: Vec<Unmet> = Vec::new();
    for need in needs {
        let Some(why) = why_unmet(need, service) else { continue };
        let unmet = Unmet { need: *need, service: service.name.to_string(), why };
        if !found.contains(&unmet) {
            found.push(unmet);
        }
    }
    found
}

fn why_unmet(need: &Need, service: &Service) -> Option<UnmetWhy> {
    match need.kind {
        NeedKind::Store(kind) => why_unlinked(kind, need.name, service),
        NeedKind::Backend { chain_auth } => unreachable_backend(chain_auth, need.name, service),
    }
}

/// Why a service does not have this link, if it has not.
pub fn why_unlinked(kind: StoreKind, name: &str, service: &Service) -> Option<UnmetWhy> {
    match service.links.get(name) {
        Some(link) if link.kind == kind => None,
        Some(link) => Some(UnmetWhy::OtherKind { found: link.kind, store: link.store.to_string() }),
        None => {
            let same_kind = service.links.iter().filter(|(_, link)| link.kind == kind);
            Some(missing(name, same_kind.map(|(name, _)| name.as_str())))
        }
    }
}

fn unreachable_backend(
    stores: Option<ChainStores>,
    name: &str,
    service: &Service,
) -> Option<UnmetWhy> {
    if let Some(why) = why_no_backend(name, service) {
        return Some(why);
    }
    let stores = stores?;
    sent_to(name, service).find_map(|backend| signed_otherwise(stores, backend))
}

/// The backend of a name, or the members of the director of that name.
fn sent_to<'s>(name: &str, service: &'s Service) -> impl Iterator<Item = &'s Backend> {
    let members = service.directors.get(name).into_iter().flat_map(|director| &director.members);
    let members = members.filter_map(|member| service.backends.get(member.backend.as_str()));
    service.backends.get(name).into_iter().chain(members)
}

fn signed_otherwise(stores: ChainStores, backend: &Backend) -> Option<UnmetWhy> {
    let Some(auth) = &backend.chain_auth else { return Some(UnmetWhy::NotSigned) };
    let (config, secrets) = (auth.config.to_string(), auth.secrets.to_string());
    let same = config == stores.config && secrets == stores.secrets;
    (!same).then_some(UnmetWhy::SignedOtherwise { config, secrets })
}

/// Why a service has neither a backend nor a director of this name, if it has not.
pub fn why_no_backend(name: &str, service: &Service) -> Option<UnmetWhy> {
    let known = service.backends.keys().chain(service.directors.keys());
    let lacks = sent_to(name, service).next().is_none();
    lacks.then(|| missing(name, known.map(|name| name.as_str())))
}

fn missing<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> UnmetWhy {
    UnmetWhy::Missing { nearest: suggest::nearest(name, known).map(str::to_owned) }
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unmet { need: Need { kind, name }, service, why } = self;
        match kind {
            NeedKind::Store(kind) => {
                write!(f, "the code of `{service}` needs a {} link `{name}`", kind.words())?;
            }
            NeedKind::Backend { .. } => {
                write!(f, "the code of `{service}` needs a backend `{name}`")?;
            }
        }
        match why {
            UnmetWhy::Missing { nearest: Some(nearest) } => {
                write!(f, ", which it does not have; did you mean `{nearest}`?")
            }
            UnmetWhy::Missing { nearest: None } => f.write_str(", which it does not have"),
            UnmetWhy::OtherKind { found, store } => {
                write!(f, ", but the manifest links the {} `{store}` as `{name}`", found.words())
            }
            UnmetWhy::NotSigned => {
                f.write_str(" with chain auth, but the manifest gives it no `chain_auth`")
            }
            UnmetWhy::SignedOtherwise { config, secrets } => write!(
                f,
                " with chain auth by {}, but the manifest says `{config}` and `{secrets}`",
                by(kind)
            ),
        }
    }
}

/// The links that the code names for signing.
fn by(kind: &NeedKind) -> String {
    match kind {
        NeedKind::Backend { chain_auth: Some(ChainStores { config, secrets }) } => {
            format!("`{config}` and `{secrets}`")
        }
        _ => "none".to_owned(),
    }
}

#[cfg(test)]
mod tests;
