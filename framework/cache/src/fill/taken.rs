//! What is made of a body when no more of it comes.

use super::Fill;
use super::place::Place;
use crate::body::{Chunk, StoredBody};
use crate::decision::NoStore;
use crate::entry::{Entry, StoredHead};

impl Fill {
    /// The chunks of the whole body; nothing is left here.
    ///
    /// # Errors
    ///
    /// The reason of an earlier refusal, or [`NoStore::Incomplete`] when it is shorter than declared.
    pub fn take(&mut self) -> Result<Vec<Chunk>, NoStore> {
        match self.declared {
            Some(declared) if declared != self.len => {
                Err(self.refused.unwrap_or(NoStore::Incomplete))
            }
            _ => self.take_incomplete(),
        }
    }

    /// What there is of a body that broke off, to be stored as a part and never as the whole (RFC 9111 section 3.3).
    ///
    /// # Errors
    ///
    /// The reason of an earlier refusal.
    pub fn take_incomplete(&mut self) -> Result<Vec<Chunk>, NoStore> {
        self.refused.map_or(Ok(()), Err)?;
        self.seal();
        Ok(self.full.drain(..).map(|(_, chunk)| chunk).collect())
    }

    /// The whole body as an entry with this head, whose hits so far count on; nothing is left here.
    ///
    /// # Errors
    ///
    /// As in [`Fill::take`].
    pub fn take_entry(&mut self, head: &StoredHead) -> Result<Entry, NoStore> {
        self.refused.map_or(Ok(()), Err)?;
        match self.place.take().map(Place::body) {
            Some(Ok(body)) => return Ok(Entry::of_small(head, body)),
            Some(Err(place)) => self.place = Some(place),
            None => {}
        }
        let body = StoredBody::of_chunks(self.take()?);
        Ok(Entry::new(head.clone(), body))
    }

    /// [`Fill::take`] as a body.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn finish(mut self) -> Result<StoredBody, NoStore> {
        self.take().map(StoredBody::of_chunks)
    }

    /// [`Fill::take_incomplete`] as a body.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn finish_incomplete(mut self) -> Result<StoredBody, NoStore> {
        self.take_incomplete().map(StoredBody::of_chunks)
    }
}
