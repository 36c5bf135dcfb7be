//! Which field decides about a response: `Surrogate-Control` alone if it speaks of caching, else `Cache-Control`
//! with `Expires`. Judges nothing itself.

use http::HeaderMap;
use http::header::CACHE_CONTROL;

use crate::control::{CacheControl, SurrogateControl};

/// The field that decides, with its directives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Governing {
    /// `Surrogate-Control` speaks of caching: `Cache-Control` and `Expires` are ignored.
    Surrogate(CacheControl),
    /// `Cache-Control` decides, together with `Expires`.
    CacheControl(CacheControl),
}

impl Governing {
    /// Finds the field that decides about a response with these headers.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        match SurrogateControl::parse(headers) {
            Some(surrogate) => Self::Surrogate(*surrogate.directives()),
            None => Self::CacheControl(CacheControl::parse(headers, CACHE_CONTROL)),
        }
    }

    /// The directives that count.
    #[must_use]
    pub fn directives(&self) -> &CacheControl {
        match self {
            Self::Surrogate(control) | Self::CacheControl(control) => control,
        }
    }
}
