//! One POP of an edge, to ask there.

use std::sync::Arc;

use http::Method;
use selvedge::Binding;
use selvedge_runtime::world::Pop;

use crate::{Ask, Edge, ask::Door};

/// A POP: requests through it come in there.
pub struct At<'e> {
    edge: &'e Edge,
    pop: Arc<Pop>,
}

impl<'e> At<'e> {
    #[track_caller]
    pub(crate) fn new(edge: &'e Edge, pop: &str) -> Self {
        Self { edge, pop: find(edge, pop) }
    }

    /// As [`Edge::get`].
    ///
    /// # Panics
    /// Where the URL is none.
    #[track_caller]
    pub fn get(&self, url: &str) -> Ask<'e> {
        self.request(Method::GET, url)
    }

    /// As [`Edge::ask`].
    ///
    /// # Panics
    /// Where it is not a method and a URL.
    #[track_caller]
    pub fn ask(&self, line: &str) -> Ask<'e> {
        Ask::of_line(self.edge, Some(Arc::clone(&self.pop)), line)
    }

    /// As [`Edge::request`].
    ///
    /// # Panics
    /// Where the URL is none.
    #[track_caller]
    pub fn request(&self, method: Method, url: &str) -> Ask<'e> {
        Ask::new(self.edge, Door::Data(Some(Arc::clone(&self.pop))), method, url)
    }

    /// As [`Edge::bind`].
    ///
    /// # Panics
    /// As there.
    #[must_use]
    #[track_caller]
    pub fn bind<B: Binding>(&self, service: &str) -> B {
        self.edge.bind_at(Arc::clone(&self.pop), service)
    }
}

/// A POP by its name.
#[expect(clippy::panic, reason = "a test that names no POP has failed")]
#[track_caller]
pub(crate) fn find(edge: &Edge, pop: &str) -> Arc<Pop> {
    let world = edge.world();
    match world.pops.iter().find(|known| known.name.as_str() == pop) {
        Some(pop) => Arc::clone(pop),
        None => {
            let names: Vec<&str> = world.pops.iter().map(|pop| pop.name.as_str()).collect();
            panic!("the manifest has no POP `{pop}`; it has `{}`", names.join("`, `"))
        }
    }
}
