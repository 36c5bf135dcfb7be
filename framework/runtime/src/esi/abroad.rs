//! Pages some of whose fragments have left the node: what comes back to it, by a url of its own or through somebody else, is
//! a part of the same page, and its includes count there. Otherwise each round would begin to count anew.
//!
//! A number stands for the page on the way, in our member of `CDN-Loop`. It is random: whoever was sent it can use up the
//! includes of a page that it is a part of anyway, and nobody can guess another. A number that is not known, since its page has
//! ended or somebody made it up, is one of a page that may have no includes; so it only ever makes us stricter.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use super::nest::{Inside, Nest};

/// The pages of a node that have fragments abroad.
#[derive(Default)]
pub struct Abroad {
    pages: Mutex<HashMap<u64, Weak<Inside>>>,
}

/// The number of a page, which is forgotten with it.
pub(super) struct Number {
    value: u64,
    abroad: Weak<Abroad>,
}

impl Abroad {
    /// What the number on a request that came back stands for.
    #[must_use]
    pub fn find(&self, number: u64) -> Nest {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let page = pages.get(&number).and_then(Weak::upgrade);
        drop(pages);
        page.map_or_else(Nest::of_unknown, Nest::known)
    }

    /// How many pages have fragments abroad.
    #[must_use]
    pub fn count(&self) -> usize {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Gives a page a number. Where the system has no random bits it is one that nothing is found by.
    pub(super) fn note(self: &Arc<Self>, page: &Arc<Inside>) -> Number {
        let Ok(value) = getrandom::u64() else {
            return Number { value: 0, abroad: Weak::new() };
        };
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.insert(value, Arc::downgrade(page));
        Number { value, abroad: Arc::downgrade(self) }
    }
}

impl Number {
    pub(super) fn value(&self) -> u64 {
        self.value
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        if let Some(abroad) = self.abroad.upgrade() {
            let mut pages = abroad.pages.lock().unwrap_or_else(PoisonError::into_inner);
            pages.remove(&self.value);
        }
    }
}

#[cfg(test)]
mod tests;
