//! Bindings without a request, for calling handlers directly.

use std::{
    panic::{Location, resume_unwind},
    sync::Arc,
};

use axum::{extract::FromRequestParts, response::IntoResponse};
use selvedge::{Binding, Ctx, Request};
use selvedge_runtime::{
    caller::Caller,
    hop::{Along, Hop},
    hops::{Hops, Way},
    interim::Interim,
    world::{Handler, Pop},
};
use tokio::task::{JoinError, spawn_blocking};

use crate::{Answer, Edge};

impl Edge {
    /// A binding as a handler of `service` gets it: for calling a handler directly, and for typed access to a store.
    ///
    /// # Panics
    /// Where no such service is active, or an item that the binding has as a field is not there.
    #[expect(clippy::panic, reason = "a test that names no service has failed")]
    #[must_use]
    #[track_caller]
    pub fn bind<B: Binding>(&self, service: &str) -> B {
        match self.world().entry_pop() {
            Some(pop) => self.bind_at(Arc::clone(pop), service),
            None => panic!("the manifest has no POP"),
        }
    }

    #[expect(clippy::panic, reason = "a test that names no service has failed")]
    #[track_caller]
    pub(crate) fn bind_at<B: Binding>(&self, pop: Arc<Pop>, service: &str) -> B {
        let hop = self.hop_at(pop, service);
        match Ctx::new(hop.host(), Arc::from([B::NEED])).bind() {
            Ok(binding) => binding,
            Err(error) => panic!("a binding to service `{service}`: {error}"),
        }
    }

    /// Anything else that a handler of `service` takes and that is not the request's: `Log`, `Place`, `After`, a cache.
    ///
    /// # Panics
    /// Where no such service is active, or it cannot be had without a request.
    #[expect(clippy::panic, reason = "a test that wants what is not there has failed")]
    pub async fn extract<T: FromRequestParts<()>>(&self, service: &str) -> T {
        let Some(pop) = self.world().entry_pop().map(Arc::clone) else {
            panic!("the manifest has no POP");
        };
        let hop = self.hop_at(pop, service);
        let needs = match &hop.service.handler {
            Handler::Compute(code) => Arc::clone(code.needs()),
            Handler::Delivery(..) => Arc::from([]),
        };
        let mut request = Request::default();
        Ctx::new(hop.host(), needs).attach(&mut request);
        match T::from_request_parts(&mut request.into_parts().0, &()).await {
            Ok(part) => part,
            Err(rejection) => {
                let page = Answer::read(rejection.into_response()).await;
                panic!("what a handler of service `{service}` takes is not there:\n{page}")
            }
        }
    }

    /// Calls a handler that is a plain `fn` as an edge does: on a thread where it may block, and where
    /// [`selvedge::wait`] works.
    ///
    /// # Panics
    /// Where the function does.
    #[track_caller]
    pub fn run_plain<T: Send + 'static>(
        &self,
        handler: impl FnOnce() -> T + Send + 'static,
    ) -> impl Future<Output = T> + Send {
        let at = Location::caller();
        async move {
            let answer = spawn_blocking(|| selvedge::plain::here(handler)).await;
            self.inner.strict.check(Some(at));
            answer.unwrap_or_else(|failed| panics_with(failed))
        }
    }

    #[expect(clippy::panic, reason = "a test that names no service has failed")]
    #[track_caller]
    fn hop_at(&self, pop: Arc<Pop>, service: &str) -> Arc<Hop> {
        let edge = self.inner.entrance.edge();
        let world = Arc::clone(&edge.world);
        let Some(found) = world.services.get(service) else {
            let names: Vec<&str> = world.services.keys().map(|name| name.as_str()).collect();
            panic!("no service `{service}` is active; there are `{}`", names.join("`, `"));
        };
        let host = found.settings.domains.first().map_or("", |domain| domain.as_str());
        let (id, caller) = (world.ids.next(), Caller::Anybody);
        let along = Along { id, client: None, caller, debug: false, interim: Interim::default() };
        let came = (Hops::default(), Way::Entered);
        Hop::new(edge, pop, Arc::clone(found), came, along, host.into())
    }
}

#[expect(clippy::panic, reason = "a test whose handler was not run has failed")]
fn panics_with<T>(failed: JoinError) -> T {
    match failed.try_into_panic() {
        Ok(panic) => resume_unwind(panic),
        Err(failed) => panic!("the handler was not run to its end: {failed}"),
    }
}
