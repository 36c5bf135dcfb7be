//! The body of an object while it is written.

use std::fmt;

use bytes::Bytes;
use http_body_util::BodyExt as _;

use crate::{Body, Result, host::ObjectWriter, http::broken};

/// Writes the body of an object. Dropped before [`Writer::finish`], it breaks the body off: readers get an error, nothing
/// is stored, and one of those who wait has the obligation.
#[must_use = "dropped, it breaks the body off"]
pub struct Writer(Box<dyn ObjectWriter>);

impl Writer {
    pub(super) fn new(writer: Box<dyn ObjectWriter>) -> Self {
        Self(writer)
    }

    /// Writes the next bytes. It does not wait, unless the body has outgrown what is stored: then it waits for the
    /// slowest of those who read along, for up to half a minute.
    ///
    /// # Errors
    /// [`Refusal::ObjectTooLarge`](crate::Refusal::ObjectTooLarge) or [`Refusal::CacheFull`](crate::Refusal::CacheFull) where the body cannot be stored and nobody reads along;
    /// [`Refusal::CacheMisused`](crate::Refusal::CacheMisused) for more than the declared length. The body is broken off then.
    pub async fn write(&mut self, bytes: impl Into<Bytes> + Send) -> Result<()> {
        self.0.write(bytes.into()).await
    }

    /// Writes the bytes of a body. Trailers are left out.
    ///
    /// # Errors
    /// As [`Writer::write`], and [`Refusal::BodyFailed`](crate::Refusal::BodyFailed) where that body breaks off.
    pub async fn append(&mut self, mut body: Body) -> Result<()> {
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|cause| broken("while storing it", cause))?;
            if let Ok(data) = frame.into_data() {
                self.0.write(data).await?;
            }
        }
        Ok(())
    }

    /// Ends the body; with that it is stored.
    ///
    /// # Errors
    /// [`Refusal::CacheMisused`](crate::Refusal::CacheMisused) for less than the declared length.
    pub async fn finish(self) -> Result<()> {
        self.0.finish().await
    }

    /// Writes the bytes of a body to its end and finishes, while the handler goes on: it is done when the body's end has
    /// come, also after the response. A body that breaks off breaks this one off.
    pub fn finish_from(self, body: Body) {
        self.0.finish_from(body);
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}
