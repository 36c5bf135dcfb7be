//! Every outcome of the cache as a closed enum, with the one word that metrics, logs and headers show for it.
//!
//! The words of misses and passes are those of RFC 9211 section 2.2 where it has one.

/// What the cache did with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// A fresh stored response answered.
    Hit,
    /// The cache was asked and could not answer.
    Miss(MissReason),
    /// The cache was not asked.
    Pass(PassReason),
    /// The service answered without a send; no cache was concerned.
    Synthetic,
}

impl Verdict {
    /// `hit`, `miss`, `pass` or `synthetic`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Miss(_) => "miss",
            Self::Pass(_) => "pass",
            Self::Synthetic => "synthetic",
        }
    }

    /// The reason's word, for verdicts that have one.
    #[must_use]
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::Miss(reason) => Some(reason.as_str()),
            Self::Pass(reason) => Some(reason.as_str()),
            Self::Hit | Self::Synthetic => None,
        }
    }

    /// Whether a stored response answered.
    #[must_use]
    pub fn is_hit(self) -> bool {
        self == Self::Hit
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
}

impl MissReason {
    /// The word of `fwd=` in `Cache-Status`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UriMiss => "uri-miss",
            Self::VaryMiss => "vary-miss",
            Self::Stale => "stale",
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
}

impl PassReason {
    /// The reason's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Method => "method",
            Self::CacheOff => "cache-off",
        }
    }

    /// The word of `fwd=` in `Cache-Status`: `method`, else `bypass`.
    #[must_use]
    pub fn fwd(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Requested | Self::CacheOff => "bypass",
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
    /// 206: parts are not stored yet.
    PartialContent,
    /// The request says `no-store` (section 5.2.1.5).
    RequestNoStore,
    /// The response says `no-store` (section 5.2.2.5).
    NoStoreDirective,
    /// The response says `no-cache`: it would need validation on each use, which is not built yet.
    NoCache,
    /// The response says `private` (section 5.2.2.7).
    Private,
    /// The request had `Authorization` and the response does not allow sharing (section 3.5).
    Authorization,
    /// `Vary` has a `*` or something that is no field name: nothing could ever match (section 4.1).
    VaryStar,
    /// Nothing says or suggests how long it is fresh (section 4.2).
    NoFreshness,
    /// It is stale on arrival, so nothing could reuse it (section 4.2).
    Expired,
    /// The body is larger than the shelf takes.
    TooLarge,
    /// The body did not have the length that was declared, or broke off (section 3.3).
    Incomplete,
    /// The request passed the cache, which goes for its response too.
    PassRequested,
}

impl NoStore {
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
            Self::NoFreshness => "no-freshness",
            Self::Expired => "expired",
            Self::TooLarge => "too-large",
            Self::Incomplete => "incomplete",
            Self::PassRequested => "pass-requested",
        }
    }
}
