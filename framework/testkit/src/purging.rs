//! Purging, as the management API does it.

use std::sync::Arc;

use http::Uri;
use selvedge_cache::purge::PurgeMode;
use selvedge_model::key::SurrogateKey;
use selvedge_runtime::{
    purge::{Purged, What, purge},
    world::{Service, World},
};

/// A purge of what one service has cached.
#[must_use = "nothing is purged until it says what"]
pub struct Purging {
    world: Arc<World>,
    service: Arc<Service>,
    mode: PurgeMode,
}

impl Purging {
    #[expect(clippy::panic, reason = "a test that names no service has failed")]
    #[track_caller]
    pub(crate) fn new(world: Arc<World>, service: &str, mode: PurgeMode) -> Self {
        let Some(service) = world.services.get(service).map(Arc::clone) else {
            panic!("no service `{service}` is active");
        };
        Self { world, service, mode }
    }

    /// Makes stale, in place of taking away.
    pub fn soft(mut self) -> Self {
        self.mode = PurgeMode::Soft;
        self
    }

    /// Purges a URL: all its variants, and every key that rules make of it.
    ///
    /// # Panics
    /// Where it is none.
    #[expect(clippy::panic, reason = "a test with a broken URL has failed")]
    #[track_caller]
    pub fn url(&self, url: &str) -> Purged {
        let uri: Option<Uri> = url.parse().ok();
        let parts =
            uri.and_then(|uri| Some((uri.authority()?.to_string(), uri.path_and_query()?.clone())));
        match parts {
            Some((host, target)) => self.purge(&What::Url { host, target }),
            None => panic!("`{url}` is no URL with a host"),
        }
    }

    /// Purges what carries at least one of these surrogate keys.
    ///
    /// # Panics
    /// Where one of them is none.
    #[expect(clippy::panic, reason = "a test with a broken key has failed")]
    #[track_caller]
    pub fn keys(&self, keys: &[&str]) -> Purged {
        let parsed: Result<_, _> = keys.iter().map(|key| SurrogateKey::new(*key)).collect();
        match parsed {
            Ok(keys) => self.purge(&What::Keys(keys)),
            Err(error) => panic!("{keys:?} are no surrogate keys: {error}"),
        }
    }

    /// Purges everything.
    pub fn all(&self) -> Purged {
        self.purge(&What::All)
    }

    fn purge(&self, what: &What) -> Purged {
        purge(&self.world, &self.service, what, self.mode)
    }
}
