//! How a request stands to the pages that it is a fragment of: how deep, how many may still come, and which they are.
//!
//! It rides in the trusted context of the hops, through every service on the way.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use selvedge_model::{
    id::ServiceId,
    limits::{ESI_DEPTH_MAX, ESI_INCLUDES_MAX},
};

/// The pages around a request; none by default.
#[derive(Clone, Debug, Default)]
pub struct Nest {
    /// The outermost first.
    pages: Vec<Arc<str>>,
    /// How many includes the outermost one may still have; made with it.
    left: Option<Arc<AtomicUsize>>,
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
        let mut inside = self.clone();
        inside.pages.push(name(service, host, target));
        inside.left.get_or_insert_with(|| Arc::new(AtomicUsize::new(ESI_INCLUDES_MAX)));
        inside
    }

    /// Takes one include from what is left, for this target.
    pub(super) fn take(
        &self,
        service: &ServiceId,
        host: &str,
        target: &str,
    ) -> Result<(), Refused> {
        if self.pages.len() > ESI_DEPTH_MAX {
            return Err(Refused::Depth);
        }
        if self.pages.contains(&name(service, host, target)) {
            return Err(Refused::Loop);
        }
        let left = self.left.as_deref();
        let one_less = |left: usize| left.checked_sub(1);
        let taken =
            left.map(|left| left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less));
        match taken {
            Some(Ok(_)) => Ok(()),
            Some(Err(_)) | None => Err(Refused::Count),
        }
    }
}

fn name(service: &ServiceId, host: &str, target: &str) -> Arc<str> {
    format!("{service} {host}{target}").into()
}

#[cfg(test)]
mod tests;
