//! Which field decides about a response. The first that speaks of caching decides alone: a targeted field (RFC 9213
//! section 2.2), `Surrogate-Control`, `Cache-Control` with `Expires`. Judges nothing itself.
//!
//! The order is the same in both profiles. A field that is hidden by another is passed on as it came.

use http::HeaderMap;
use http::header::CACHE_CONTROL;

use crate::control::{CacheControl, SurrogateControl};
use crate::targeted::targeted;

/// The field that decides, with its directives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Governing {
    /// A targeted field decides: everything below is ignored, `Expires` too.
    Targeted(CacheControl),
    /// `Surrogate-Control` speaks of caching: `Cache-Control` and `Expires` are ignored.
    Surrogate(CacheControl),
    /// `Cache-Control` decides, together with `Expires`.
    CacheControl(CacheControl),
}

impl Governing {
    /// Finds the field that decides about a response with these headers.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let surrogate = || SurrogateControl::parse(headers).map(SurrogateControl::into_directives);
        let plain = || CacheControl::parse(headers, CACHE_CONTROL);
        targeted(headers)
            .map(Self::Targeted)
            .or_else(|| surrogate().map(Self::Surrogate))
            .unwrap_or_else(|| Self::CacheControl(plain()))
    }

    /// The directives that count.
    #[must_use]
    pub fn directives(&self) -> &CacheControl {
        match self {
            Self::Targeted(control) | Self::Surrogate(control) | Self::CacheControl(control) => {
                control
            }
        }
    }
}

#[cfg(test)]
mod tests;
