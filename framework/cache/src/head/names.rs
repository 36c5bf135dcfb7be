//! The field names that stored heads write as one byte. Any other name is spelled out, so that nothing depends on what
//! is in the list: it saves memory, and the time to read a name again.

use std::sync::LazyLock;

use http::HeaderName;
use http::header as names;

/// The number of a field name; `None` where it has to be spelled.
pub(super) fn number(name: &HeaderName) -> Option<u8> {
    u8::try_from(NAMES.iter().position(|known| known == name)?).ok()
}

/// A name of the list.
pub(crate) struct Known {
    pub(super) name: HeaderName,
    pub(super) role: Role,
    /// How its lines begin: `content-type: `.
    pub(super) start: String,
}

/// The name with this number.
pub(super) fn known(number: u8) -> Option<&'static Known> {
    static KNOWN: LazyLock<[Known; NAMES.len()]> =
        LazyLock::new(|| NAMES.each_ref().map(Known::of));
    KNOWN.get(usize::from(number))
}

impl Known {
    fn of(name: &HeaderName) -> Self {
        let (role, start) = (role_of(name.as_str()), format!("{name}: "));
        Self { name: name.clone(), role, start }
    }
}

/// What a line is to who writes an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A line like any other.
    Plain,
    /// What the answer corrects: the length of its body.
    Length,
    /// Its offer of ranges.
    Ranges,
    /// For surrogates only.
    Surrogate,
    /// A list, or its like, that each hop adds to.
    Listed,
}

fn role_of(name: &str) -> Role {
    match name {
        "content-length" => Role::Length,
        "accept-ranges" => Role::Ranges,
        "surrogate-control" | "surrogate-key" => Role::Surrogate,
        "cache-status" | "x-served-by" | "x-cache" | "x-cache-hits" | "x-timer" => Role::Listed,
        _ => Role::Plain,
    }
}

/// What responses often carry, the most frequent first.
static NAMES: [HeaderName; 56] = [
    names::CONTENT_TYPE,
    names::CONTENT_LENGTH,
    names::DATE,
    names::CACHE_CONTROL,
    names::ETAG,
    names::LAST_MODIFIED,
    names::EXPIRES,
    names::VARY,
    names::SERVER,
    names::CONTENT_ENCODING,
    names::ACCEPT_RANGES,
    names::VIA,
    names::SET_COOKIE,
    names::LINK,
    names::LOCATION,
    names::CONTENT_LANGUAGE,
    names::CONTENT_LOCATION,
    names::CONTENT_DISPOSITION,
    names::CONTENT_RANGE,
    names::CONTENT_SECURITY_POLICY,
    names::CONTENT_SECURITY_POLICY_REPORT_ONLY,
    names::STRICT_TRANSPORT_SECURITY,
    names::REFERRER_POLICY,
    names::X_CONTENT_TYPE_OPTIONS,
    names::X_FRAME_OPTIONS,
    names::X_XSS_PROTECTION,
    names::X_DNS_PREFETCH_CONTROL,
    names::ACCESS_CONTROL_ALLOW_ORIGIN,
    names::ACCESS_CONTROL_ALLOW_METHODS,
    names::ACCESS_CONTROL_ALLOW_HEADERS,
    names::ACCESS_CONTROL_ALLOW_CREDENTIALS,
    names::ACCESS_CONTROL_EXPOSE_HEADERS,
    names::ACCESS_CONTROL_MAX_AGE,
    names::ALT_SVC,
    names::ALLOW,
    names::REFRESH,
    names::RETRY_AFTER,
    names::PRAGMA,
    names::WARNING,
    names::CACHE_STATUS,
    names::CDN_CACHE_CONTROL,
    HeaderName::from_static("selvedge-cdn-cache-control"),
    HeaderName::from_static("surrogate-control"),
    HeaderName::from_static("surrogate-key"),
    HeaderName::from_static("x-served-by"),
    HeaderName::from_static("x-cache"),
    HeaderName::from_static("x-cache-hits"),
    HeaderName::from_static("x-timer"),
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("x-powered-by"),
    HeaderName::from_static("x-robots-tag"),
    HeaderName::from_static("permissions-policy"),
    HeaderName::from_static("cross-origin-opener-policy"),
    HeaderName::from_static("cross-origin-resource-policy"),
    HeaderName::from_static("server-timing"),
    HeaderName::from_static("timing-allow-origin"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_with_a_role_has_a_number() {
        let with_role = NAMES.iter().filter(|name| role_of(name.as_str()) != Role::Plain).count();
        assert_eq!(with_role, 9, "a name that is spelled has none");
        assert!(NAMES.iter().enumerate().all(|(at, name)| number(name) == u8::try_from(at).ok()));
    }
}
