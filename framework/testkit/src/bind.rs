//! Bindings without a request, for calling handlers directly.

use std::sync::Arc;

use selvedge::{Binding, Ctx};
use selvedge_runtime::{
    caller::Caller,
    hop::{Along, Hop},
    hops::Hops,
    interim::Interim,
    world::Pop,
};

use crate::Edge;

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
        let edge = self.inner.entrance.edge();
        let world = Arc::clone(&edge.world);
        let Some(found) = world.services.get(service) else {
            let names: Vec<&str> = world.services.keys().map(|name| name.as_str()).collect();
            panic!("no service `{service}` is active; there are `{}`", names.join("`, `"));
        };
        let host = found.settings.domains.first().map_or("", |domain| domain.as_str());
        let (id, caller) = (world.ids.next(), Caller::Anybody);
        let along = Along { id, client: None, caller, debug: false, interim: Interim::default() };
        let hops = Hops::default().enter(&found.settings.name, &pop.name);
        let hop = Hop::new(edge, pop, Arc::clone(found), hops, along, host.into());
        match Ctx::new(hop.into_shared(), Arc::from([B::NEED])).bind() {
            Ok(binding) => binding,
            Err(error) => panic!("a binding to service `{service}`: {error}"),
        }
    }
}
