//! How the shelf gets a body that has come in, and those who read on go on with what lies there.

use selvedge_cache::{
    decision::NoStore,
    entry::{Entry, StoredHead},
    fill::{Chunk, Fill, StoredBody},
};

use super::Stream;

impl Stream {
    /// The whole body with its head, for the shelf. Those who are reading go on with it.
    ///
    /// # Errors
    /// Why there is none to store.
    pub fn take_entry(&self, head: &StoredHead) -> Result<Entry, NoStore> {
        let mut state = self.state();
        let entry = state.fill.take_entry(head)?;
        let Some(room) = state.room.take() else { return Err(NoStore::NoRoom) };
        entry.pay(room.into_charge());
        state.stored = Some(entry.body().clone());
        Ok(entry)
    }

    /// The whole body, for the shelf. Those who are reading go on with it.
    ///
    /// # Errors
    /// Why there is none to store.
    pub fn take(&self) -> Result<StoredBody, NoStore> {
        self.stored(Fill::take)
    }

    /// What came of a body that broke off, for the shelf.
    ///
    /// # Errors
    /// Why there is none to store.
    pub fn take_incomplete(&self) -> Result<StoredBody, NoStore> {
        self.stored(Fill::take_incomplete)
    }

    /// Those who are reading go on with the body of the entry, which has the same bytes: what they were gathered in is not
    /// kept beside it.
    pub fn stored_in(&self, entry: &Entry) {
        let before = self.state().stored.replace(entry.body().clone());
        drop(before);
    }

    fn stored(
        &self,
        take: impl FnOnce(&mut Fill) -> Result<Vec<Chunk>, NoStore>,
    ) -> Result<StoredBody, NoStore> {
        let mut state = self.state();
        let chunks = take(&mut state.fill)?;
        let Some(room) = state.room.take() else { return Err(NoStore::NoRoom) };
        let body = StoredBody::with_charge(chunks, room.into_charge());
        state.stored = Some(body.clone());
        Ok(body)
    }
}
