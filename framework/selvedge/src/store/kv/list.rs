//! Listings: one page, or one page after the other.

use std::{future::IntoFuture, sync::Arc};

use super::{KvPage, KvQuery, ListMode};
use crate::{Host, Result, host::BoxFuture};

/// A listing that happens when it is awaited. Gives one page.
///
/// # Errors
/// [`Refusal::KeyInvalid`](crate::Refusal::KeyInvalid) for a cursor that no page gave or a limit of 0;
/// [`Refusal::StoreFailed`](crate::Refusal::StoreFailed).
#[must_use = "nothing is listed until it is awaited"]
pub struct List {
    host: Arc<dyn Host>,
    link: &'static str,
    query: KvQuery,
}

impl List {
    pub(super) fn new(host: Arc<dyn Host>, link: &'static str) -> Self {
        Self { host, link, query: KvQuery::default() }
    }

    /// Only keys that start with this.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.query.prefix = prefix.into();
        self
    }

    /// At most so many keys a page.
    pub fn limit(mut self, limit: usize) -> Self {
        self.query.limit = Some(limit);
        self
    }

    /// Goes on where another page ended: its [`KvPage::next_cursor`].
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.query.cursor = Some(cursor.into());
        self
    }

    /// Takes what may lag behind the newest writes, where that is had sooner.
    pub fn eventual_consistency(mut self) -> Self {
        self.query.mode = ListMode::Eventual;
        self
    }

    /// All pages, one at a time, each asked for when it is wanted.
    pub fn pages(self) -> Pages {
        Pages { list: self, state: State::More }
    }

    async fn page(&self, query: KvQuery) -> Result<KvPage> {
        self.host.kv_list(self.link, query).await
    }
}

impl IntoFuture for List {
    type Output = Result<KvPage>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let query = self.query.clone();
        Box::pin(async move { self.page(query).await })
    }
}

/// The pages of a listing. A key that is there all the while is on exactly one of them.
#[must_use = "nothing is listed until a page is asked for"]
pub struct Pages {
    list: List,
    state: State,
}

/// Whether there is another page to ask for.
enum State {
    More,
    Ended,
}

impl Pages {
    /// The next page; `None` after the last one.
    ///
    /// # Errors
    /// As [`List`]. The same page is asked for again by the next call.
    pub async fn next(&mut self) -> Result<Option<KvPage>> {
        if matches!(self.state, State::Ended) {
            return Ok(None);
        }
        let page = self.list.page(self.list.query.clone()).await?;
        self.list.query.cursor.clone_from(&page.next_cursor);
        if page.next_cursor.is_none() {
            self.state = State::Ended;
        }
        Ok(Some(page))
    }
}
