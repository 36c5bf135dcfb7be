//! Refreshing what was served stale, while nobody waits.

use std::sync::Arc;

use selvedge_cache::{
    decision::{MissReason, Verdict},
    entry::Entry,
};

use super::{asked::Asked, call::Call, wait::join};
use crate::{flight::Joined, hop::Hop, world::Destination};

/// Leaves the work to the background: the origin is asked, and its answer taken in to the end. Who
/// must wait for it meanwhile joins it; where somebody asks already there is nothing to do.
pub(super) fn refresh(hop: &Hop, to: Destination<'_>, asked: Asked, entry: &Entry) {
    let (hop, to, entry) = (hop.sibling(), to.name().to_owned(), entry.clone());
    let background = Arc::clone(&hop.world().background);
    background.run(Box::pin(async move { run(&hop, &to, asked, entry).await }));
}

async fn run(hop: &Arc<Hop>, to: &str, asked: Asked, entry: Entry) {
    let began = hop.pop.shelf.begin();
    // What was purged since it was served, or replaced, is not asked about, nor served in place of an error.
    let stored = hop.pop.shelf.find(&asked.key, &asked.headers);
    if !stored.iter().any(|stored| stored.address() == entry.address()) {
        return;
    }
    let candidates = vec![entry];
    let joined = join(hop, &asked, MissReason::Stale, &candidates);
    let verdict = Verdict::Miss(MissReason::Stale);
    let call = Call::new(hop, to, asked, verdict, candidates, began);
    let call = match joined {
        Joined::Leads(lead) => call.led(lead),
        Joined::Alone => call,
        Joined::Follows(..) | Joined::Ancestor => return,
    };
    // What failed now is tried again by the next request that finds the object stale.
    call.refresh().await;
}
