//! Objects that code caches: core cache and simple cache (platform.md section 7).
//!
//! There is no second engine. They lie on the POP's shelf under keys of their own, are counted, evicted and purged there,
//! and whoever waits for one waits for a flight, as for a response. What is different is who makes them: an obligation is
//! a [`Lead`](crate::flight::Lead) in a handler's hands, and the body comes from its writer.

mod duty;
mod found;
mod held;
mod look_up;
mod said;
mod wanted;
mod write;

use std::sync::Arc;

use selvedge::{
    Result,
    host::{Inserted, Looked, LookupKind, ObjectOptions, ObjectQuery},
};

pub use self::held::Held;
use self::{duty::Duty, wanted::Wanted};
use crate::hop::Hop;

/// Looks an object up.
///
/// # Errors
/// [`LookupTimeout`](selvedge::Refusal::LookupTimeout).
pub(crate) async fn look_up(
    hop: &Arc<Hop>,
    query: ObjectQuery,
    kind: LookupKind,
) -> Result<Looked> {
    let limit = query.timeout;
    let wanted = Wanted::of(hop, query);
    match kind {
        LookupKind::Plain => Ok(look_up::plain(&wanted)),
        LookupKind::Transaction => look_up::transaction(&wanted, limit).await,
        LookupKind::Replace(strategy) => look_up::replace(&wanted, strategy, limit).await,
    }
}

/// Stores an object for nobody in particular.
///
/// # Errors
/// [`ObjectTooLarge`](selvedge::Refusal::ObjectTooLarge) for what is declared so.
pub(crate) fn insert(
    hop: &Arc<Hop>,
    query: ObjectQuery,
    options: ObjectOptions,
) -> Result<Inserted> {
    Duty::alone(&Wanted::of(hop, query)).begin(options)
}
