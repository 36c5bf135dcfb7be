//! Config stores: small text items, read live.

use std::{fmt, sync::Arc};

use crate::{Ctx, Host, Result};

/// A linked config store: what a `#[config_store("link")]` unit struct derefs to.
#[derive(Clone)]
pub struct ConfigStore {
    host: Arc<dyn Host>,
    link: &'static str,
}

impl ConfigStore {
    pub(crate) fn open(ctx: &Ctx, link: &'static str) -> Self {
        Self { host: ctx.host().clone(), link }
    }

    /// Reads an item as it is now; `None` where there is none.
    ///
    /// # Errors
    /// [`Refusal::LinkUnknown`](crate::Refusal::LinkUnknown) where the service version has no such
    /// link.
    pub fn get(&self, key: &str) -> Result<Option<String>> {
        self.host.config_get(self.link, key)
    }

    /// The name of the link.
    #[must_use]
    pub fn link(&self) -> &'static str {
        self.link
    }
}

impl fmt::Debug for ConfigStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigStore").field("link", &self.link).finish_non_exhaustive()
    }
}
