//! How a request stands to the pages that it is a fragment of: how deep, how many may still come, and which they are.
//!
//! It rides in the trusted context of the hops, through every service on the way. What leaves the node takes along a number
//! ([`Abroad`]), by which it is known for a fragment of the same pages when it comes back.

use std::{
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use selvedge_model::{
    id::ServiceId,
    limits::{ESI_DEPTH_MAX, ESI_INCLUDES_MAX},
};

use super::abroad::{Abroad, Number};

/// The pages around a request; none by default.
#[derive(Clone, Default)]
pub struct Nest(Option<Arc<Inside>>);

/// A page, and what is around it.
pub(super) struct Inside {
    page: Box<str>,
    around: Nest,
    /// How many includes the outermost one may still have; made with it.
    left: Arc<AtomicUsize>,
    /// Its number on the network; made when a fragment leaves.
    number: OnceLock<Number>,
}

/// Why a fragment is not asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is one of the pages that it would be in.
    Loop,
    /// It would be too deep.
    Depth,
    /// The page has had as many as it may.
    Count,
}

impl Refused {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Loop => "it is a page that it would be a part of",
            Self::Depth => "it is nested too deep",
            Self::Count => "the page has too many includes",
        }
    }
}

impl Nest {
    /// What is inside this page, which is in all that are here already.
    pub(super) fn inside(&self, service: &ServiceId, host: &str, target: &str) -> Self {
        let left = self.0.as_ref().map(|inner| Arc::clone(&inner.left));
        let left = left.unwrap_or_else(|| Arc::new(AtomicUsize::new(ESI_INCLUDES_MAX)));
        self.with(name(service, host, target), left)
    }

    /// What is inside a page of which nothing is known any more: nothing may come.
    #[must_use]
    pub fn of_unknown() -> Self {
        Self::default().with("".into(), Arc::default())
    }

    fn with(&self, page: Box<str>, left: Arc<AtomicUsize>) -> Self {
        Self(Some(Arc::new(Inside { page, around: self.clone(), left, number: OnceLock::new() })))
    }

    pub(super) fn known(inside: Arc<Inside>) -> Self {
        Self(Some(inside))
    }

    /// The number by which a fragment is known that leaves the node; `None` for what is in no page.
    #[must_use]
    pub fn number(&self, abroad: &Arc<Abroad>) -> Option<u64> {
        let inside = self.0.as_ref()?;
        Some(inside.number.get_or_init(|| abroad.note(inside)).value())
    }

    /// Takes one include from what is left, for this target.
    pub(super) fn take(
        &self,
        service: &ServiceId,
        host: &str,
        target: &str,
    ) -> Result<(), Refused> {
        if self.pages().count() > ESI_DEPTH_MAX {
            return Err(Refused::Depth);
        }
        let name = name(service, host, target);
        if self.pages().any(|inside| inside.page == name) {
            return Err(Refused::Loop);
        }
        let one_less = |left: usize| left.checked_sub(1);
        let left = self.0.as_deref().map(|inside| &inside.left);
        let taken =
            left.map(|left| left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less));
        match taken {
            Some(Ok(_)) => Ok(()),
            Some(Err(_)) | None => Err(Refused::Count),
        }
    }

    /// The innermost first.
    fn pages(&self) -> impl Iterator<Item = &Inside> {
        std::iter::successors(self.0.as_deref(), |inside| inside.around.0.as_deref())
    }
}

impl fmt::Debug for Nest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.pages().map(|inside| &inside.page)).finish()
    }
}

fn name(service: &ServiceId, host: &str, target: &str) -> Box<str> {
    format!("{service} {host}{target}").into()
}

#[cfg(test)]
mod tests;
