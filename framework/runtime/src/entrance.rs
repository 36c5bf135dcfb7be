//! Where requests come in, one per core: each is given the world of the moment, and keeps it to its end.

use std::sync::Arc;

use selvedge::{Request, Response};

use crate::{
    edge::{Arrival, Edge},
    serve::Uploads,
    upstream::Upstream,
    world::Worlds,
};

/// One core's way in.
#[derive(Clone)]
pub struct Entrance {
    /// The worlds, one after another.
    pub worlds: Arc<Worlds>,
    /// How requests leave for the network.
    pub upstream: Arc<dyn Upstream>,
    /// What is asked of clients that send a body.
    pub uploads: Uploads,
}

impl Entrance {
    /// The edge as it is now.
    #[must_use]
    pub fn edge(&self) -> Edge {
        Edge { world: self.worlds.now(), upstream: Arc::clone(&self.upstream) }
    }

    /// Answers a request from outside.
    pub async fn receive(&self, request: Request, arrival: Arrival) -> Response {
        self.edge().receive(request, arrival).await
    }
}
