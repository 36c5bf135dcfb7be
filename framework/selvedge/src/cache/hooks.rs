//! The functions that a handler hangs on a request; they ride in its extensions to the runtime,
//! which calls them.

use std::{fmt, sync::Arc};

use http::Extensions;

use super::Candidate;
use crate::{Request, Result};

type BeforeSend = dyn Fn(&mut Request) -> Result<()> + Send + Sync;
type AfterSend = dyn Fn(&mut Candidate) -> Result<()> + Send + Sync;

/// What is called on the way to the backend and back; cloning it copies nothing.
#[derive(Clone, Default)]
pub struct Hooks {
    before: Option<Arc<BeforeSend>>,
    after: Option<Arc<AfterSend>>,
}

impl Hooks {
    /// The hooks of a request; none where it has none.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or_default()
    }

    /// The same, with this before each sending.
    #[must_use]
    pub fn before_send(
        self,
        hook: impl Fn(&mut Request) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self { before: Some(Arc::new(hook)), ..self }
    }

    /// The same, with this on each candidate.
    #[must_use]
    pub fn after_send(
        self,
        hook: impl Fn(&mut Candidate) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self { after: Some(Arc::new(hook)), ..self }
    }

    /// Whether there are none.
    #[must_use]
    pub fn are_none(&self) -> bool {
        self.before.is_none() && self.after.is_none()
    }

    /// Whether candidates are looked at.
    #[must_use]
    pub fn judges_candidates(&self) -> bool {
        self.after.is_some()
    }

    /// Lets the handler change a request that is about to leave.
    ///
    /// # Errors
    /// The handler's own.
    pub fn run_before(&self, request: &mut Request) -> Result<()> {
        self.before.as_ref().map_or(Ok(()), |hook| hook(request))
    }

    /// Lets the handler change a response that is about to be stored.
    ///
    /// # Errors
    /// The handler's own.
    pub fn run_after(&self, candidate: &mut Candidate) -> Result<()> {
        self.after.as_ref().map_or(Ok(()), |hook| hook(candidate))
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Hooks");
        out.field("before_send", &self.before.is_some());
        out.field("after_send", &self.after.is_some()).finish()
    }
}
