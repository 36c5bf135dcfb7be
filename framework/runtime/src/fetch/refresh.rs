//! Refreshing what was served stale, while nobody waits.

use std::sync::Arc;

use http::Method;
use http_body_util::BodyExt;
use selvedge::{Body, Request};
use selvedge_cache::{decision::MissReason, entry::Entry, validate::strip_for_storing};

use super::{asked::Asked, forward};
use crate::{hop::Hop, world::Backend};

/// Leaves the work to the background: the origin is asked, and its answer read to the end.
pub(super) fn refresh(hop: &Hop, backend: &Backend, asked: &Asked, entry: &Arc<Entry>) {
    let work = Refresh {
        hop: hop.sibling(),
        backend: backend.settings.name.as_str().to_owned(),
        request: whole(asked),
        asked: asked.clone(),
        entry: Arc::clone(entry),
    };
    hop.world().background.run(Box::pin(work.run()));
}

/// A GET for the whole thing, without the client's conditions.
fn whole(asked: &Asked) -> Request {
    let mut whole = asked.request(Body::empty());
    *whole.method_mut() = Method::GET;
    strip_for_storing(whole.headers_mut());
    whole
}

struct Refresh {
    hop: Arc<Hop>,
    backend: String,
    request: Request,
    asked: Asked,
    entry: Arc<Entry>,
}

impl Refresh {
    async fn run(self) {
        let Self { hop, backend, request, mut asked, entry } = self;
        asked.method = request.method().clone();
        asked.headers = request.headers().clone();
        asked.sent_ms = hop.world().clock.now_ms();
        let Ok(backend) = hop.service.backend(&backend) else { return };
        let asking =
            forward::forward(&hop, backend, request, asked, MissReason::Stale, vec![entry]);
        // What failed now is tried again by the next request that finds the object stale.
        if let Ok(response) = asking.await {
            let mut body = response.into_body();
            while let Some(Ok(_)) = body.frame().await {}
        }
    }
}
