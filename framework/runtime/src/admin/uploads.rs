//! How many bytes of values and bodies may be coming in at once: who finds no room waits for it.
//!
//! A value is held whole until it is written, and a client may send as slowly as it likes.

use std::future::Future;

use axum::body::{Body, HttpBody};
use futures_util::TryFutureExt;
use selvedge_model::limits::API_UPLOADS_KIB;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::wire::{Failed, failed::Kind};

const KIB: usize = 1024;

/// The room that is left.
#[derive(Debug)]
pub(super) struct Uploads(Semaphore);

impl Default for Uploads {
    fn default() -> Self {
        Self(Semaphore::new(API_UPLOADS_KIB))
    }
}

impl Uploads {
    /// Room for a body, of which no more than so many bytes are held at once. It is given back when the value is dropped.
    pub(super) fn room<'a>(
        &'a self,
        body: &Body,
        most: usize,
    ) -> impl Future<Output = Result<SemaphorePermit<'a>, Failed>> + use<'a> {
        let told = body.size_hint().upper().and_then(|bytes| usize::try_from(bytes).ok());
        let kib = told.map_or(most, |bytes| bytes.min(most)).div_ceil(KIB).min(API_UPLOADS_KIB);
        let room = self.0.acquire_many(u32::try_from(kib).unwrap_or(u32::MAX));
        room.map_err(|cause| Failed::new(Kind::Broken, cause.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use futures_util::FutureExt;
    use selvedge_model::limits::{API_UPLOADS_KIB, KV_VALUE_MAX};

    use super::{KIB, Uploads};

    #[test]
    fn who_finds_no_room_waits_for_it() {
        let uploads = Uploads::default();
        let unknown = || {
            Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>())
        };
        let fit = API_UPLOADS_KIB * KIB / KV_VALUE_MAX;
        let room =
            |body: Body| uploads.room(&body, KV_VALUE_MAX).now_or_never().map(Result::unwrap);
        let mut held: Vec<_> = (0..fit).map(|_| room(unknown()).unwrap()).collect();
        assert!(room(unknown()).is_none());
        assert!(room(Body::from("small")).is_some());
        drop(held.pop());
        assert!(room(unknown()).is_some());
    }
}
