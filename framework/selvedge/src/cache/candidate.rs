//! The response that is about to be stored, as `after_send` sees it (platform.md section 6.5).
//!
//! Plain data: it is made from a head and what the cache suggests, and read back as a head and what
//! the handler decided. What the surrogate keys and the variants are is said by the headers
//! themselves, so that caches behind this one learn of it.

use std::{fmt, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::{
    Suggestion,
    decided::{Decided, Parts, Storing, Transform},
    suggestion::{Act, OnError},
};
use crate::{Body, Error, Refusal, Result, model::key::SurrogateKey};

/// The tags that a response is purged by.
const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");

/// A response that is about to be stored.
pub struct Candidate {
    status: StatusCode,
    headers: HeaderMap,
    suggested: Suggestion,
    decided: Decided,
    transform: Option<Transform>,
}

impl Candidate {
    /// A candidate that no handler has seen.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, suggested: Suggestion) -> Self {
        Self { status, headers, suggested, decided: Decided::default(), transform: None }
    }

    /// Takes it apart.
    #[must_use]
    pub fn into_parts(self) -> Parts {
        let Self { status, headers, decided, transform, .. } = self;
        Parts { status, headers, decided, transform }
    }

    /// Its status: of what the backend answered, so 304 where it confirms what is stored.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Sets the status. A 206 and a 304 keep theirs, and no other response becomes one: what they
    /// mean depends on what was asked and on what is stored.
    pub fn set_status(&mut self, status: StatusCode) {
        if !is_bound(self.status) && !is_bound(status) {
            self.status = status;
        }
    }

    /// Its headers. Those of a 304 replace the stored ones of the same names.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Its headers, to be changed. The cache reads them again afterwards, so what they say about
    /// caching counts.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// How long it stays fresh from now on.
    #[must_use]
    pub fn ttl(&self) -> Duration {
        self.decided.ttl.unwrap_or(self.suggested.ttl)
    }

    /// Keeps it fresh for so long from now on, whatever its status. What forbids storing still
    /// does.
    pub fn set_ttl(&mut self, ttl: Duration) {
        self.decided.ttl = Some(ttl);
    }

    /// How old it was when it arrived.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.suggested.age
    }

    /// How long after its expiry it may answer while it is refreshed.
    #[must_use]
    pub fn stale_while_revalidate(&self) -> Duration {
        self.decided.stale_while_revalidate.unwrap_or(self.suggested.stale_while_revalidate)
    }

    /// Lets it answer for so long after its expiry while it is refreshed.
    pub fn set_stale_while_revalidate(&mut self, window: Duration) {
        self.decided.stale_while_revalidate = Some(window);
    }

    /// How long after its expiry it may answer instead of an error.
    #[must_use]
    pub fn stale_if_error(&self) -> Duration {
        self.decided.stale_if_error.unwrap_or(self.suggested.stale_if_error)
    }

    /// Lets it answer for so long after its expiry instead of an error.
    pub fn set_stale_if_error(&mut self, window: Duration) {
        self.decided.stale_if_error = Some(window);
    }

    /// Whether nothing of its lifetime is left already.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.ttl().is_zero()
    }

    /// Whether it is a 304 that renews what is stored.
    #[must_use]
    pub fn is_update(&self) -> bool {
        self.suggested.act == Act::Update
    }

    /// Whether a stale response would answer if the hook returned an error.
    #[must_use]
    pub fn stale_if_error_available(&self) -> bool {
        self.suggested.on_error == OnError::ServeStale
    }

    /// The request headers that its variants are told apart by. A `*` is not among them.
    #[must_use]
    pub fn vary(&self) -> Vec<HeaderName> {
        let lines = self.headers.get_all(header::VARY).iter();
        let members = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
        let names = members.map(<[u8]>::trim_ascii).filter(|name| *name != b"*");
        names.filter_map(|name| HeaderName::from_bytes(name).ok()).collect()
    }

    /// Tells variants apart by these request headers and no others.
    pub fn set_vary(&mut self, names: impl IntoIterator<Item = HeaderName>) {
        self.headers.remove(header::VARY);
        names.into_iter().for_each(|name| self.append_vary(name));
    }

    /// Tells variants apart by this request header too.
    pub fn append_vary(&mut self, name: HeaderName) {
        if !self.vary().contains(&name) {
            self.headers.append(header::VARY, HeaderValue::from(name));
        }
    }

    /// The tags that it is purged by: those of its `Surrogate-Key` lines, among which are the ones
    /// that came with the request. What is no surrogate key is left out.
    #[must_use]
    pub fn surrogate_keys(&self) -> Vec<SurrogateKey> {
        let lines = self.headers.get_all(SURROGATE_KEY).iter();
        let texts = lines.filter_map(|line| line.to_str().ok());
        texts.flat_map(str::split_ascii_whitespace).filter_map(|key| key.parse().ok()).collect()
    }

    /// Puts these tags in the place of all others.
    ///
    /// # Errors
    /// [`Refusal::SurrogateKeyInvalid`] where one of them is none; nothing is changed then.
    pub fn set_surrogate_keys(
        &mut self,
        keys: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<()> {
        let keys = keys.into_iter().map(|key| surrogate_value(key.into()));
        let keys = keys.collect::<Result<Vec<_>>>()?;
        self.headers.remove(SURROGATE_KEY);
        keys.into_iter().for_each(|key| {
            self.headers.append(SURROGATE_KEY, key);
        });
        Ok(())
    }

    /// Whether it will be stored, as suggested or as decided since.
    #[must_use]
    pub fn is_cacheable(&self) -> bool {
        match self.decided.storing {
            Storing::AsSuggested => self.suggested.storable.is_ok(),
            Storing::Store => true,
            Storing::Refuse | Storing::RefuseUnmarked => false,
        }
    }

    /// Why the cache would not store it, in the word of the log (`no-store`, `set-cookie`); `None`
    /// where it would.
    #[must_use]
    pub fn why_not_cacheable(&self) -> Option<&'static str> {
        self.suggested.storable.err()
    }

    /// Stores it although nothing says so: with any status, without freshness, with `Set-Cookie`.
    ///
    /// In the profile `rfc` what forbids storing still does (`no-store`, `private`,
    /// `Authorization`); take the field away that says so, and the client is told the same as the
    /// cache. In the profile `fastly` the decision wins over these too. `Vary: *` forbids it in
    /// both, and a response without a lifetime or a validator is of no use: see
    /// [`Candidate::set_ttl`].
    pub fn set_cacheable(&mut self) {
        self.decided.storing = Storing::Store;
    }

    /// Does not store it. With `record`, that is remembered for a while, and requests for the same
    /// do not wait for each other.
    pub fn set_uncacheable(&mut self, record: bool) {
        self.decided.storing = if record { Storing::Refuse } else { Storing::RefuseUnmarked };
    }

    /// Stores and sends another body in the place of the one that came; the headers should say what
    /// it is. It is not called where there is no whole body: for a 304, a 206 and a HEAD.
    ///
    /// The length becomes unknown, and a strong `ETag` weak: it was that of other bytes.
    pub fn set_body_transform(&mut self, transform: impl FnOnce(Body) -> Body + Send + 'static) {
        self.transform = Some(Box::new(transform));
    }
}

/// The meaning of these statuses depends on more than the response.
fn is_bound(status: StatusCode) -> bool {
    status == StatusCode::NOT_MODIFIED || status == StatusCode::PARTIAL_CONTENT
}

fn surrogate_value(key: String) -> Result<HeaderValue> {
    let refused = || Error::new(Refusal::SurrogateKeyInvalid, "of a response before it is stored");
    let key = SurrogateKey::new(key).map_err(|cause| refused().because(cause))?;
    HeaderValue::from_str(key.as_str()).map_err(|cause| refused().because(cause))
}

impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Candidate");
        out.field("status", &self.status).field("headers", &self.headers);
        out.field("suggested", &self.suggested).field("decided", &self.decided);
        out.field("transforms", &self.transform.is_some()).finish()
    }
}
