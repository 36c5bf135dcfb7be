//! `Cache-Control` in both directions, and `Surrogate-Control`, parsed once: duplicates and quotes settled.
//!
//! RFC 9111 section 5.2. The parser is total and lenient: unknown directives are skipped, and whatever is malformed
//! about a known one makes the response older, never younger. It does not judge; `governing` and `storable` do.

use http::HeaderMap;
use http::header::AsHeaderName;

use crate::when::parse_delta_seconds;

/// The directives of a `Cache-Control` field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CacheControl {
    /// `no-store`.
    pub no_store: bool,
    /// `no-cache`; its qualified form `no-cache="field"` counts as unqualified, which is stricter.
    pub no_cache: bool,
    /// `private`; its qualified form `private="field"` counts as unqualified, which is stricter.
    pub private: bool,
    /// `public`.
    pub public: bool,
    /// `must-revalidate`.
    pub must_revalidate: bool,
    /// `proxy-revalidate`.
    pub proxy_revalidate: bool,
    /// `must-understand`.
    pub must_understand: bool,
    /// `max-age`.
    pub max_age: Delta,
    /// `s-maxage`.
    pub s_maxage: Delta,
    /// `stale-while-revalidate`; read here, but nothing is served stale yet.
    pub stale_while_revalidate: Delta,
    /// `stale-if-error`; read here, but nothing is served stale yet.
    pub stale_if_error: Delta,
}

impl CacheControl {
    /// Parses all lines of the field `name`. Each line stands for itself, so that a quote which one line leaves open
    /// does not swallow the next.
    #[must_use]
    pub fn parse(headers: &HeaderMap, name: impl AsHeaderName) -> Self {
        let mut control = Self::default();
        for line in headers.get_all(name) {
            for member in Members(line.as_bytes()) {
                control.take(&Directive::split(member));
            }
        }
        control
    }

    fn take(&mut self, directive: &Directive<'_>) {
        match directive.name.to_ascii_lowercase().as_slice() {
            b"no-store" => self.no_store = true,
            b"no-cache" => self.no_cache = true,
            b"private" => self.private = true,
            b"public" => self.public = true,
            b"must-revalidate" => self.must_revalidate = true,
            b"proxy-revalidate" => self.proxy_revalidate = true,
            b"must-understand" => self.must_understand = true,
            b"max-age" => self.max_age.add(directive),
            b"s-maxage" => self.s_maxage.add(directive),
            b"stale-while-revalidate" => self.stale_while_revalidate.add(directive),
            b"stale-if-error" => self.stale_if_error.add(directive),
            _ => {}
        }
    }

    /// Whether anything was said that a surrogate acts on.
    fn has_surrogate_directive(&self) -> bool {
        let flags = self.no_store || self.no_cache || self.private || self.must_revalidate;
        let deltas = [self.max_age, self.stale_while_revalidate, self.stale_if_error];
        flags || deltas.iter().any(|delta| *delta != Delta::Absent)
    }
}

/// The directives of `Surrogate-Control`, which speaks to surrogates such as us in `Cache-Control`'s grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

    fn add(&mut self, directive: &Directive<'_>) {
        let said = directive.seconds();
        *self = if *self == Self::Absent || *self == said { said } else { Self::Invalid };
    }
}

/// One member of the list: a name, and the bytes after the first `=` as they stand.
struct Directive<'a> {
    name: &'a [u8],
    argument: Option<&'a [u8]>,
    /// White space before the `=` is outside the grammar; the name still counts, its argument does not.
    spaced: bool,
}

impl<'a> Directive<'a> {
    fn split(member: &'a [u8]) -> Self {
        let (name, argument) = match member.iter().position(|byte| *byte == b'=') {
            Some(at) => (&member[..at], Some(&member[at + 1..])),
            None => (member, None),
        };
        let spaced = argument.is_some() && name.last().is_some_and(u8::is_ascii_whitespace);
        Self { name: name.trim_ascii(), argument, spaced }
    }

    /// The argument as seconds; the quoted form is outside the grammar but accepted, as RFC 9111 section 5.2 asks.
    fn seconds(&self) -> Delta {
        let Some(argument) = self.argument.filter(|_| !self.spaced) else { return Delta::Invalid };
        parse_delta_seconds(unquoted(argument)).map_or(Delta::Invalid, Delta::Seconds)
    }
}

fn unquoted(argument: &[u8]) -> &[u8] {
    argument.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(argument)
}

/// The members of one line, split at commas outside quotes and trimmed.
struct Members<'a>(&'a [u8]);

impl<'a> Iterator for Members<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let end = member_end(self.0);
        let member = &self.0[..end];
        self.0 = self.0.get(end + 1..).unwrap_or_default();
        Some(member.trim_ascii())
    }
}

/// Where the first member ends. A quote that is never closed is an ordinary byte, so that it cannot hide `no-store`.
fn member_end(line: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        match byte {
            b',' => return at,
            b'"' => at = closing_quote(line, at).unwrap_or(at),
            _ => {}
        }
        at += 1;
    }
    line.len()
}

/// The place of the quote that closes the one at `open`, minding backslashes.
fn closing_quote(line: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    while let Some(byte) = line.get(at) {
        match byte {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}
