//! Items of stores that the account does not have any more: a node that ended while it deleted a store left them.

use std::sync::Arc;

use selvedge::Result;
use selvedge_model::id::StoreId;

use super::{KvEngine, Progress};
use crate::account::LiveAccount;

/// Removes them in bounded steps, between which others write. What fails is left to the next start.
///
/// A store is in the account before its first item, so that what the engine has and the account has not is gone.
pub async fn drop_orphans(engine: Arc<dyn KvEngine>, account: Arc<LiveAccount>) {
    let mut last: Option<StoreId> = None;
    while let Ok(Some(store)) = engine.next_store(last.as_ref()).await {
        if account.now().resource(&store).is_none() && drop_items(&*engine, &store).await.is_err() {
            return;
        }
        last = Some(store);
    }
}

/// Removes all items of a store that is gone.
///
/// # Errors
/// What the engine says; some of them may be gone.
pub async fn drop_items(engine: &dyn KvEngine, store: &StoreId) -> Result<()> {
    while engine.drop_some(store).await? == Progress::More {}
    Ok(())
}

#[cfg(test)]
mod tests;
