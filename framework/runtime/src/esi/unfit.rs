//! What rules call a template and cannot be processed.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use selvedge::{Host as _, Response};

use crate::hop::Hop;

const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// Why an answer goes on as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It is compressed, or in another way no text.
    Encoded,
    /// It is a part of something.
    Partial,
    /// A redirection or a status without content: it is no page.
    NoPage,
}

impl Unfit {
    pub(super) fn of(response: &Response) -> Option<Self> {
        match response.status() {
            StatusCode::PARTIAL_CONTENT => Some(Self::Partial),
            StatusCode::NO_CONTENT => Some(Self::NoPage),
            status if status.is_redirection() => Some(Self::NoPage),
            _ => is_encoded(response.headers()).then_some(Self::Encoded),
        }
    }

    /// The word in `Cache-Status`.
    fn as_str(self) -> &'static str {
        match self {
            Self::Encoded => "esi-encoded",
            Self::Partial => "esi-partial",
            Self::NoPage => "esi-no-page",
        }
    }

    /// Says in the log and in our member of `Cache-Status` why its tags are still there. Nobody misses those of what is no
    /// page.
    pub(super) fn tell(self, hop: &Hop, headers: &mut HeaderMap) {
        let what = match self {
            Self::NoPage => return,
            Self::Encoded => "it has a `Content-Encoding`",
            Self::Partial => "it is a part only",
        };
        let target = hop.page().map_or("", |page| &page.target);
        hop.log(&format!("esi: {target} is not processed: {what}"));
        add_detail(headers, self.as_str());
    }
}

/// Whether there is a coding other than `identity`.
pub(super) fn is_encoded(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::CONTENT_ENCODING).iter();
    let mut codings = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    codings.any(|coding| {
        let coding = coding.trim_ascii();
        !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity")
    })
}

/// Adds a detail to the last member, which is ours, unless it has one.
fn add_detail(headers: &mut HeaderMap, detail: &str) {
    let mut lines: Vec<HeaderValue> = headers.get_all(CACHE_STATUS).iter().cloned().collect();
    let Some(ours) = lines.last_mut() else { return };
    let said = ours.to_str().ok().filter(|said| !said.contains("; detail="));
    let Some(Ok(value)) =
        said.map(|said| HeaderValue::try_from(format!("{said}; detail={detail}")))
    else {
        return;
    };
    *ours = value;
    headers.remove(CACHE_STATUS);
    for line in lines {
        headers.append(CACHE_STATUS, line);
    }
}

#[cfg(test)]
mod tests;
