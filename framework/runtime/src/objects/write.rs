//! A body that a handler writes: whoever wants it reads along, and its end puts it on the shelf.

use std::{future::ready, sync::Arc};

use bytes::Bytes;
use http_body_util::BodyExt;
use selvedge::{
    Body, Error, Refusal, Result,
    host::{BoxFuture, ObjectWriter},
};
use selvedge_cache::{
    decision::NoStore,
    key::Key,
    shelf::{Began, PutOutcome},
};
use tokio::runtime::Handle;

use super::duty::too_large;
use crate::{
    fetch::may_go_on,
    flight::{Ended, Go, Landing, Lead},
    hop::Hop,
};

/// Writes the body of an object.
pub(super) struct Writer {
    hop: Arc<Hop>,
    key: Key,
    began: Began,
    landing: Arc<Landing>,
    /// Those who may still wait.
    lead: Option<Lead>,
    written: u64,
    /// Why it is not stored, once that is known.
    refused: Option<NoStore>,
}

impl Writer {
    pub(super) fn new(
        hop: Arc<Hop>,
        key: Key,
        began: Began,
        landing: Arc<Landing>,
        lead: Option<Lead>,
    ) -> Self {
        Self { hop, key, began, landing, lead, written: 0, refused: None }
    }

    async fn take(&mut self, bytes: &[u8]) -> Result<()> {
        self.written = self.written.saturating_add(bytes.len() as u64);
        if let Some(declared) = self.landing.stream.declared().filter(|it| *it < self.written) {
            return Err(self.broken(another_length(self.written, declared)));
        }
        if let Err(reason) = self.landing.stream.push(bytes) {
            self.refused = Some(reason);
            // Those who read along go on; whoever comes now makes one of its own.
            self.end(Ended::Unshared);
        }
        match self.refused {
            None => Ok(()),
            Some(reason) => self.go_on(reason).await,
        }
    }

    /// What is not stored is written for those who read it, at the pace of the slowest.
    async fn go_on(&mut self, reason: NoStore) -> Result<()> {
        match may_go_on(&self.landing.stream, self.hop.world().clock.as_ref()).await {
            Go::On => Ok(()),
            Go::Nobody => Err(self.broken(self.not_stored(reason))),
        }
    }

    fn complete(mut self) -> Result<()> {
        let stream = &self.landing.stream;
        if let Some(declared) = stream.declared().filter(|it| *it != self.written) {
            return Err(self.broken(another_length(self.written, declared)));
        }
        // A purge may have overtaken it; what there is no room for was written for those who read along.
        if let Ok(entry) = stream.take_entry(&self.landing.head) {
            let _: PutOutcome = self.hop.pop.shelf.put(self.key.clone(), entry, &self.began);
        }
        self.end(Ended::Landed);
        self.landing.stream.complete(None);
        Ok(())
    }

    fn end(&mut self, ended: Ended) {
        self.lead.take().into_iter().for_each(|lead| lead.end(ended.clone()));
    }

    /// Nothing is stored: one of those who come makes it.
    fn broken(&mut self, error: Error) -> Error {
        self.end(Ended::LeftOff);
        self.landing.stream.broken();
        error
    }

    fn not_stored(&self, reason: NoStore) -> Error {
        match reason {
            NoStore::TooLarge => too_large(self.written, self.hop.pop.shelf.max_object()),
            _ => Error::new(Refusal::CacheFull, "what others hold leaves no room for an object"),
        }
    }
}

impl ObjectWriter for Writer {
    fn write<'a>(&'a mut self, bytes: Bytes) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { self.take(&bytes).await })
    }

    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<()>> {
        Box::pin(ready(self.complete()))
    }

    fn finish_from(mut self: Box<Self>, mut body: Body) {
        let work = async move {
            while let Some(frame) = body.frame().await {
                // What broke off, and what nobody wants any more, is not finished.
                let Ok(frame) = frame else { return };
                let Ok(data) = frame.into_data() else { continue };
                if self.take(&data).await.is_err() {
                    return;
                }
            }
            // A length that was not the declared one has been told to those who read along.
            let _ = self.complete();
        };
        // Without a reactor nothing could have been sent either.
        if let Ok(reactor) = Handle::try_current() {
            drop(reactor.spawn(work));
        }
    }
}

/// A writer that is given up breaks the body off.
impl Drop for Writer {
    fn drop(&mut self) {
        self.end(Ended::LeftOff);
        self.landing.stream.broken();
    }
}

fn another_length(written: u64, declared: u64) -> Error {
    let detail = format!("{written} bytes of a body that was declared to have {declared}");
    Error::new(Refusal::CacheMisused, detail)
}
