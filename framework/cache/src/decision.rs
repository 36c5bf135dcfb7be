//! Every outcome of the cache as a closed enum, with the one word that metrics, logs and headers show for it.
//!
//! The words of misses and passes are those of RFC 9211 section 2.2 where it has one.

use crate::stale::StalePermission;

/// What the cache did with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// A fresh stored response answered.
    Hit,
    /// A stored response answered after its expiry.
    Stale(StalePermission),
    /// The cache was asked and could not answer.
    Miss(MissReason),
    /// The cache was not asked.
    Pass(PassReason),
    /// The service answered without a send; no cache was concerned.
    Synthetic,
}

impl Verdict {
    /// `hit`, `stale`, `miss`, `pass` or `synthetic`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Stale(_) => "stale",
            Self::Miss(_) => "miss",
            Self::Pass(_) => "pass",
            Self::Synthetic => "synthetic",
        }
    }

    /// The reason's word, for verdicts that have one.
    #[must_use]
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::Stale(permission) => Some(permission.as_str()),
            Self::Miss(reason) => Some(reason.as_str()),
            Self::Pass(reason) => Some(reason.as_str()),
            Self::Hit | Self::Synthetic => None,
        }
    }

    /// Whether a stored response answered.
    #[must_use]
    pub fn is_hit(self) -> bool {
        matches!(self, Self::Hit | Self::Stale(_))
    }
}

/// Why the cache could not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MissReason {
    /// Nothing is stored under the key.
    UriMiss,
    /// Something is stored under the key, but for other request headers.
    VaryMiss,
    /// What is stored for this request has expired.
    Stale,
    /// What is stored for this request is fresh, but the request asked for a newer one.
    Request,
    /// What is stored is a part that does not hold what this request asks for.
    Partial,
}

impl MissReason {
    /// The word of `fwd=` in `Cache-Status`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UriMiss => "uri-miss",
            Self::VaryMiss => "vary-miss",
            Self::Stale => "stale",
            Self::Request => "request",
            Self::Partial => "partial",
        }
    }
}

/// Why the cache was not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PassReason {
    /// A handler or a rule said pass.
    Requested,
    /// The method is neither GET nor HEAD.
    Method,
    /// The cache is switched off for this request by a rule.
    CacheOff,
    /// The request has a body, which the cache cannot know it by.
    Body,
    /// An answer not long ago could not be stored, and the profile takes that as the rule for a while.
    HitForPass,
    /// It descends from a request that it would have to wait for.
    Ancestor,
}

impl PassReason {
    /// The reason's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Method => "method",
            Self::CacheOff => "cache-off",
            Self::Body => "request-body",
            Self::HitForPass => "hit-for-pass",
            Self::Ancestor => "ancestor",
        }
    }

    /// The word of `fwd=` in `Cache-Status`: `method`, else `bypass`.
    #[must_use]
    pub fn fwd(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Requested | Self::CacheOff | Self::Body | Self::HitForPass | Self::Ancestor => {
                "bypass"
            }
        }
    }
}

/// Why a response was not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoStore {
    /// Only answers to GET are stored (RFC 9111 section 3).
    Method,
    /// The status is interim or 304, or may not be stored without explicit freshness, or `must-understand` asks for
    /// an understanding of it that we lack.
    Status,
    /// 206: a part is not stored as a whole.
    PartialContent,
    /// The request says `no-store` (section 5.2.1.5).
    RequestNoStore,
    /// The response says `no-store` (section 5.2.2.5).
    NoStoreDirective,
    /// The response says `no-cache` and has no validator, so that nothing could ever reuse it (section 5.2.2.4).
    NoCache,
    /// The response says `private` (section 5.2.2.7).
    Private,
    /// The request had `Authorization` and the response does not allow sharing (section 3.5).
    Authorization,
    /// `Vary` has a `*` or something that is no field name: nothing could ever match (section 4.1).
    VaryStar,
    /// It has `Set-Cookie`, and the policy keeps such answers out of the cache.
    SetCookie,
    /// A handler or a rule said that it must not be stored.
    Uncacheable,
    /// Nothing says or suggests how long it is fresh (section 4.2), and it has no validator.
    NoFreshness,
    /// It is stale on arrival without a validator or a permission, so that nothing could reuse it (section 4.2).
    Expired,
    /// The body is larger than the shelf takes.
    TooLarge,
    /// What others hold leaves no room for it.
    NoRoom,
    /// It was purged while it was fetched.
    Purged,
    /// Something newer was stored while it was fetched.
    Superseded,
    /// The body did not have the length that was declared, or broke off (section 3.3).
    Incomplete,
    /// The request passed the cache, which goes for its response too.
    PassRequested,
}

impl NoStore {
    /// Whether it is the request that forbids storing. Then nothing of its response is kept, but neither has anything
    /// changed about what is stored already.
    #[must_use]
    pub fn is_of_request(self) -> bool {
        matches!(self, Self::Method | Self::RequestNoStore | Self::Authorization)
    }

    /// The reason's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Status => "status",
            Self::PartialContent => "partial-content",
            Self::RequestNoStore => "request-no-store",
            Self::NoStoreDirective => "no-store",
            Self::NoCache => "no-cache",
            Self::Private => "private",
            Self::Authorization => "authorization",
            Self::VaryStar => "vary-star",
            Self::SetCookie => "set-cookie",
            Self::Uncacheable => "uncacheable",
            Self::NoFreshness => "no-freshness",
            Self::Expired => "expired",
            Self::TooLarge => "too-large",
            Self::NoRoom => "no-room",
            Self::Purged => "purged",
            Self::Superseded => "superseded",
            Self::Incomplete => "incomplete",
            Self::PassRequested => "pass-requested",
        }
    }
}
