//! Room in memory for a value that is on its way to a store, as the host gives it out.
//!
//! It says nothing of how much there is: that is the host's. It rides along with the write, since the bytes are held
//! until that is done, whether or not somebody still waits for it.

use std::{fmt, sync::Arc};

/// Room for a value, given back when the last clone is dropped. By default none was asked for.
#[derive(Clone, Default)]
pub struct KvRoom(Option<Arc<dyn Send + Sync>>);

impl KvRoom {
    /// Room that lasts as long as this permit.
    pub fn held(permit: impl Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(permit)))
    }

    /// Whether there is a permit.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.0.is_some()
    }
}

/// What is written does not depend on it.
impl PartialEq for KvRoom {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for KvRoom {}

impl fmt::Debug for KvRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_held() { "KvRoom(held)" } else { "KvRoom(none)" })
    }
}
