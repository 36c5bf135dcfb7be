//! The directives of a response, from `Cache-Control` or a field in its grammar: duplicates and quotes settled.
//!
//! RFC 9111 section 5.2.2, RFC 5861 and RFC 8246. The parser is total and lenient: unknown directives are skipped, and
//! whatever is malformed about a known one makes the response older, never younger. It does not judge; `governing`
//! and `storable` do. What a request says is read in `request`.

use http::header::{
    AsHeaderName, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE,
    DATE, EXPIRES, VARY,
};
use http::{HeaderMap, HeaderName};

use crate::directive::{Directive, directives};

/// What a stored response cannot be without: it says how to read the body, whom it may answer, how old it is, and who
/// decides about that when a 304 comes.
const INDISPENSABLE: [HeaderName; 11] = [
    CACHE_CONTROL,
    HeaderName::from_static("cdn-cache-control"),
    HeaderName::from_static("selvedge-cdn-cache-control"),
    HeaderName::from_static("surrogate-control"),
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_RANGE,
    CONTENT_TYPE,
    DATE,
    EXPIRES,
    VARY,
];

/// The directives of a `Cache-Control` field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CacheControl {
    /// `no-store`.
    pub no_store: bool,
    /// `no-cache` without field names, or with names that cannot be withheld.
    pub no_cache: bool,
    /// `private` without field names, or with names that cannot be withheld.
    pub private: bool,
    /// The fields that `no-cache="field"` and `private="field"` name: they are left out of what is stored, so they
    /// are neither reused without validation nor shared.
    pub withheld: Vec<HeaderName>,
    /// `public`.
    pub public: bool,
    /// `must-revalidate`.
    pub must_revalidate: bool,
    /// `proxy-revalidate`.
    pub proxy_revalidate: bool,
    /// `must-understand`.
    pub must_understand: bool,
    /// `immutable`; an argument is ignored, as RFC 8246 section 2 says.
    pub immutable: bool,
    /// `max-age`.
    pub max_age: Delta,
    /// `s-maxage`.
    pub s_maxage: Delta,
    /// `stale-while-revalidate`.
    pub stale_while_revalidate: Delta,
    /// `stale-if-error`.
    pub stale_if_error: Delta,
}

impl CacheControl {
    /// Parses all lines of the field `name`.
    #[must_use]
    pub fn parse(headers: &HeaderMap, name: impl AsHeaderName) -> Self {
        let mut control = Self::default();
        directives(headers, name).for_each(|directive| control.take(&directive));
        control
    }

    fn take(&mut self, directive: &Directive<'_>) {
        match directive.name().as_ref() {
            b"no-store" => self.no_store = true,
            b"no-cache" => self.no_cache |= !self.withhold(directive.field_names()),
            b"private" => self.private |= !self.withhold(directive.field_names()),
            b"public" => self.public = true,
            b"must-revalidate" => self.must_revalidate = true,
            b"proxy-revalidate" => self.proxy_revalidate = true,
            b"must-understand" => self.must_understand = true,
            b"immutable" => self.immutable = true,
            b"max-age" => self.max_age.add(directive.seconds()),
            b"s-maxage" => self.s_maxage.add(directive.seconds()),
            b"stale-while-revalidate" => self.stale_while_revalidate.add(directive.seconds()),
            b"stale-if-error" => self.stale_if_error.add(directive.seconds()),
            _ => {}
        }
    }

    /// Notes the fields that a qualified `no-cache` or `private` names. It cannot where there are none, or where the
    /// response would lose its meaning without one; the directive then counts as unqualified, which is stricter.
    pub(crate) fn withhold(&mut self, names: Option<Vec<HeaderName>>) -> bool {
        let dispensable =
            |names: &Vec<HeaderName>| !names.iter().any(|name| INDISPENSABLE.contains(name));
        let names = names.filter(dispensable);
        self.withheld.extend(names.iter().flatten().cloned());
        names.is_some()
    }

    /// Whether anything was said that a surrogate acts on.
    fn has_surrogate_directive(&self) -> bool {
        let limited = self.no_store || self.no_cache || self.private || !self.withheld.is_empty();
        let deltas = [self.max_age, self.stale_while_revalidate, self.stale_if_error];
        limited || self.must_revalidate || deltas.iter().any(|delta| *delta != Delta::Absent)
    }
}

/// The directives of `Surrogate-Control`, which speaks to surrogates such as us in `Cache-Control`'s grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurrogateControl(CacheControl);

impl SurrogateControl {
    /// Parses the field; `None` when it is absent or has no caching directive (`content="ESI/1.0"` is not one).
    #[must_use]
    pub fn parse(headers: &HeaderMap) -> Option<Self> {
        let control = CacheControl::parse(headers, "surrogate-control");
        control.has_surrogate_directive().then_some(Self(control))
    }

    /// What it says.
    #[must_use]
    pub fn directives(&self) -> &CacheControl {
        &self.0
    }

    /// What it says, to keep.
    pub(crate) fn into_directives(self) -> CacheControl {
        self.0
    }
}

/// What a directive with a number of seconds says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delta {
    /// The directive is not there.
    #[default]
    Absent,
    /// Its value is not a number, or it is there twice with different numbers: the response counts as stale.
    Invalid,
    /// So many seconds, at most 2^31.
    Seconds(u64),
}

impl Delta {
    /// The lifetime that it grants in milliseconds, none if it is invalid; `None` when it is not there.
    #[must_use]
    pub fn lifetime_ms(self) -> Option<u64> {
        match self {
            Self::Absent => None,
            Self::Invalid => Some(0),
            Self::Seconds(seconds) => Some(seconds.saturating_mul(1000)),
        }
    }

    /// Takes one more occurrence of the directive.
    fn add(&mut self, said: Self) {
        *self = if *self == Self::Absent || *self == said { said } else { Self::Invalid };
    }
}
