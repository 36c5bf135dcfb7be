//! The `edge.toml` nearest to a macro call, and what names in the code must find in it.
//!
//! A help, not the judge: a node that starts compares code and manifest again, exactly. A manifest that is refused for
//! problems of its own has no names to compare with. The code is not wrong because of that, so each name that goes
//! unchecked is a warning with the first problem; the checks of the manifest itself report them all.

mod find;

use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;
use selvedge_model::{
    manifest::{Manifest, Service},
    name::StoreKind,
    need::{UnmetWhy, why_no_backend, why_unlinked},
    problem::{Problem, Problems, Severity},
    suggest,
};
use syn::LitStr;

use crate::{
    diag::Diag,
    names::{self, Named},
};

/// What was found beside or above the source.
#[derive(Default)]
pub(crate) struct EdgeToml {
    path: Option<String>,
    manifest: Option<Manifest>,
    /// Why there is a file and no manifest.
    refused: Option<String>,
}

/// Which services must have what a name names.
#[derive(Clone, Copy)]
pub(crate) enum Scope<'h> {
    /// At least one: a binding struct does not know who takes it.
    One,
    /// Every one that runs this handler.
    Of(&'h str),
}

impl EdgeToml {
    /// The file that is in force for a source file.
    pub(crate) fn nearest(source: Option<&Path>) -> Self {
        let Some(found) = find::nearest(source) else { return Self::default() };
        let (manifest, problems) = Manifest::parse(&found.text);
        let refused = if manifest.is_none() { first_refusal(problems) } else { None };
        Self { path: Some(found.path), manifest, refused }
    }

    /// Makes the compiler look again when the file changes.
    pub(crate) fn tracked(&self) -> Option<TokenStream> {
        let path = self.path.as_ref()?;
        Some(quote!(
            const _: &[::core::primitive::u8] = ::core::include_bytes!(#path);
        ))
    }

    /// Checks the name of a link, by itself and in the manifest.
    pub(crate) fn link(&self, kind: StoreKind, name: &LitStr, scope: Scope<'_>, diag: &mut Diag) {
        if names::link(kind, name, diag) == Named::Badly {
            return;
        }
        self.readable(name, diag);
        let text = name.value();
        let why = |service: &Service| why_unlinked(kind, &text, service);
        let words = kind.words();
        if let Some((place, why)) = self.unmet(scope, why) {
            let lacks = format!("{place} links no {words} as `{text}`");
            report(
                name,
                &lacks,
                &why,
                || self.hint(&text, scope, |service| links(kind, service)),
                diag,
            );
        }
    }

    /// Checks the name of a backend, by itself and in the manifest.
    pub(crate) fn backend(&self, name: &LitStr, scope: Scope<'_>, diag: &mut Diag) {
        if names::backend(name, diag) == Named::Badly {
            return;
        }
        self.readable(name, diag);
        let text = name.value();
        if let Some((place, why)) = self.unmet(scope, |service| why_no_backend(&text, service)) {
            let lacks = format!("{place} has no backend `{text}`");
            report(name, &lacks, &why, || self.hint(&text, scope, backends), diag);
        }
    }

    /// Warns of a name that cannot be looked up.
    fn readable(&self, name: &LitStr, diag: &mut Diag) {
        if let Some(refused) = &self.refused {
            let text = name.value();
            diag.warning(name, format!("`{text}` is not checked: {refused}"));
        }
    }

    /// Where something lacks, and why, as the nearest of the services would say it.
    fn unmet(
        &self,
        scope: Scope<'_>,
        why: impl Fn(&Service) -> Option<UnmetWhy>,
    ) -> Option<(String, UnmetWhy)> {
        match self.asked(scope) {
            Asked::Each(services) => services.into_iter().find_map(|service| {
                let place = format!("service `{}` in `edge.toml`", service.name);
                why(service).map(|why| (place, why))
            }),
            Asked::Some(services) => {
                let whys: Option<Vec<UnmetWhy>> = services.into_iter().map(why).collect();
                let why = whys?.into_iter().max_by_key(telling)?;
                Some(("`edge.toml`".to_owned(), why))
            }
        }
    }

    fn asked(&self, scope: Scope<'_>) -> Asked<'_> {
        let services = || self.manifest.iter().flat_map(|manifest| manifest.services.values());
        let running: Vec<&Service> = match scope {
            Scope::One => Vec::new(),
            Scope::Of(handler) => {
                services().filter(|service| service.handler() == Some(handler)).collect()
            }
        };
        if running.is_empty() { Asked::Some(services().collect()) } else { Asked::Each(running) }
    }

    fn hint<'m>(
        &'m self,
        name: &str,
        scope: Scope<'_>,
        known: impl Fn(&'m Service) -> Vec<&'m str>,
    ) -> Option<String> {
        let (Asked::Each(services) | Asked::Some(services)) = self.asked(scope);
        let mut names: Vec<&str> = services.into_iter().flat_map(known).collect();
        names.sort_unstable();
        names.dedup();
        suggest::hint(name, names)
    }
}

/// The first thing that is wrong with a manifest.
fn first_refusal(problems: Problems) -> Option<String> {
    let refuses = |problem: &Problem| problem.severity == Severity::Refuse;
    let Problem { line, column, what, .. } = problems.into_vec().into_iter().find(refuses)?;
    Some(format!("edge.toml:{line}:{column}: {what}"))
}

/// The services that a name is looked up in.
enum Asked<'m> {
    /// Each of them must have it.
    Each(Vec<&'m Service>),
    /// One of them must have it.
    Some(Vec<&'m Service>),
}

/// How much a reason tells.
fn telling(why: &UnmetWhy) -> u8 {
    match why {
        UnmetWhy::Missing { nearest: None } => 0,
        UnmetWhy::Missing { .. } => 1,
        UnmetWhy::OtherKind { .. } | UnmetWhy::NotSigned | UnmetWhy::SignedOtherwise { .. } => 2,
    }
}

fn report(
    name: &LitStr,
    lacks: &str,
    why: &UnmetWhy,
    known: impl FnOnce() -> Option<String>,
    diag: &mut Diag,
) {
    let hint = match why {
        UnmetWhy::OtherKind { found, store } => {
            Some(format!("it is the {} `{store}`", found.words()))
        }
        UnmetWhy::Missing { nearest: Some(nearest) } => Some(format!("did you mean `{nearest}`?")),
        _ => known(),
    };
    match hint {
        Some(hint) => diag.hinted(name, lacks, hint),
        None => diag.error(name, lacks),
    }
}

fn links(kind: StoreKind, service: &Service) -> Vec<&str> {
    let of_kind = service.links.iter().filter(|(_, link)| link.kind == kind);
    of_kind.map(|(name, _)| name.as_str()).collect()
}

fn backends(service: &Service) -> Vec<&str> {
    service.backends.keys().chain(service.directors.keys()).map(|name| name.as_str()).collect()
}
