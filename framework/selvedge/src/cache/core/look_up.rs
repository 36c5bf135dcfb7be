//! Look-ups that can say more before they are awaited.

use std::{future::IntoFuture, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Found, Replace, ReplaceStrategy, Transaction};
use crate::{
    Error, Host, Refusal, Result,
    host::{BoxFuture, Looked, LookupKind, ObjectQuery},
    model::key::{CacheKey, CacheSpace},
};

/// For what can be used now.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain;

/// With the obligation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Transacting;

/// To store another in its place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Replacing(ReplaceStrategy);

/// A look-up that happens when it is awaited.
///
/// It is asked for at the moment of the first poll: ages are as of then, however long it waits. The future can be kept
/// and polled beside others, where a handler wants to do something else meanwhile.
///
/// # Errors
/// [`Refusal::CacheKeyInvalid`]; [`Refusal::LookupTimeout`] for those that wait.
#[must_use = "nothing is looked up until it is awaited"]
pub struct Lookup<Kind> {
    host: Arc<dyn Host>,
    query: Result<ObjectQuery>,
    kind: Kind,
}

impl<Kind> Lookup<Kind> {
    pub(super) fn new(host: &Arc<dyn Host>, key: &[u8], kind: Kind) -> Self {
        Self { host: Arc::clone(host), query: query(key), kind }
    }

    /// Adds a header that selects among the variants of the key, for objects that were stored with
    /// [`vary_by`](super::Insert::vary_by).
    pub fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        self.with(|query| {
            query.headers.append(name, value);
        })
    }

    /// Adds headers, as those of a request, in the place of all that were added before.
    pub fn headers(self, headers: HeaderMap) -> Self {
        self.with(|query| query.headers = headers)
    }

    /// Lets ranges count where the length of the body is not known yet: otherwise the whole body is given then.
    pub fn always_use_requested_range(self) -> Self {
        self.with(|query| query.always_use_requested_range = true)
    }

    fn with(mut self, what: impl FnOnce(&mut ObjectQuery)) -> Self {
        if let Ok(query) = &mut self.query {
            what(query);
        }
        self
    }
}

impl Lookup<Transacting> {
    /// Waits no longer than this for another's insert.
    pub fn timeout(self, limit: Duration) -> Self {
        self.with(|query| query.timeout = Some(limit))
    }
}

impl Lookup<Replacing> {
    /// What to do about others who store the same; [`ReplaceStrategy::Immediate`] otherwise.
    pub fn strategy(mut self, strategy: ReplaceStrategy) -> Self {
        self.kind = Replacing(strategy);
        self
    }

    /// Waits no longer than this for others, with [`ReplaceStrategy::Wait`].
    pub fn timeout(self, limit: Duration) -> Self {
        self.with(|query| query.timeout = Some(limit))
    }
}

impl IntoFuture for Lookup<Plain> {
    type Output = Result<Option<Found>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let looked = look_up(&self.host, self.query, LookupKind::Plain).await?;
            Ok(looked.found.map(Found::new))
        })
    }
}

impl IntoFuture for Lookup<Transacting> {
    type Output = Result<Transaction>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            look_up(&self.host, self.query, LookupKind::Transaction).await.map(Transaction::new)
        })
    }
}

impl IntoFuture for Lookup<Replacing> {
    type Output = Result<Replace>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let kind = LookupKind::Replace(self.kind.0);
            look_up(&self.host, self.query, kind).await.and_then(Replace::new)
        })
    }
}

async fn look_up(
    host: &Arc<dyn Host>,
    query: Result<ObjectQuery>,
    kind: LookupKind,
) -> Result<Looked> {
    host.object_lookup(query?, kind).await
}

/// Of an object whose key is this.
pub(super) fn query(key: &[u8]) -> Result<ObjectQuery> {
    let key = CacheKey::new(key).map_err(|cause| {
        Error::new(Refusal::CacheKeyInvalid, "of the core cache").because(cause)
    })?;
    let (space, headers) = (CacheSpace::Core, HeaderMap::new());
    Ok(ObjectQuery { space, key, headers, timeout: None, always_use_requested_range: false })
}
