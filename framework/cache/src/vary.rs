//! Which request headers select among the variants of one key, and how they are compared (RFC 9111 section 4.1).
//!
//! Values are compared as text after joining lines. They are not normalised by what a field means: `gzip, br` and
//! `br, gzip` are two variants.

use std::fmt;
use std::sync::Arc;

use http::header::VARY;
use http::{HeaderMap, HeaderName};

/// The request headers that a stored response was chosen by, with the values they had.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Variant(Arc<[Selector]>);

/// One request header; `None` means that the request did not have it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Selector {
    name: HeaderName,
    value: Option<Box<[u8]>>,
}

impl Variant {
    /// The variant that a response with these headers is for the request that it answers.
    ///
    /// # Errors
    ///
    /// [`VaryStar`] when no other request can ever match: a `*` anywhere in any line, or a member that is no field
    /// name, whose meaning nobody can know.
    pub fn of(response_headers: &HeaderMap, request_headers: &HeaderMap) -> Result<Self, VaryStar> {
        let mut names = field_names(response_headers)?;
        names.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        names.dedup();
        let select = |name: HeaderName| Selector { value: joined(request_headers, &name), name };
        Ok(Self(names.into_iter().map(select).collect()))
    }

    /// Whether a request with these headers would be given this variant. Absent only matches absent.
    #[must_use]
    pub fn matches(&self, request_headers: &HeaderMap) -> bool {
        self.0.iter().all(|selector| joined(request_headers, &selector.name) == selector.value)
    }

    /// Whether the response carried no `Vary` and thus matches every request.
    #[must_use]
    pub fn is_universal(&self) -> bool {
        self.0.is_empty()
    }

    /// Bytes that it keeps, for the shelf's accounts.
    pub(crate) fn size(&self) -> usize {
        let value_len =
            |selector: &Selector| selector.value.as_ref().map_or(0, |value| value.len());
        let one = |selector: &Selector| {
            size_of::<Selector>() + selector.name.as_str().len() + value_len(selector)
        };
        self.0.iter().map(one).sum()
    }
}

/// A response matches no other request than the one that it answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VaryStar;

impl fmt::Display for VaryStar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`Vary` allows no reuse of the response")
    }
}

impl std::error::Error for VaryStar {}

fn field_names(response_headers: &HeaderMap) -> Result<Vec<HeaderName>, VaryStar> {
    let lines = response_headers.get_all(VARY).iter().map(|line| line.as_bytes());
    let members = lines.flat_map(|line| line.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii);
    members.filter(|member| !member.is_empty()).map(field_name).collect()
}

/// `*` is allowed in a token, so it has to be looked for by itself.
fn field_name(member: &[u8]) -> Result<HeaderName, VaryStar> {
    if member.contains(&b'*') {
        return Err(VaryStar);
    }
    HeaderName::from_bytes(member).map_err(|_| VaryStar)
}

/// All lines of a request header as one value, each trimmed.
fn joined(request_headers: &HeaderMap, name: &HeaderName) -> Option<Box<[u8]>> {
    let lines: Vec<&[u8]> =
        request_headers.get_all(name).iter().map(|line| line.as_bytes().trim_ascii()).collect();
    if lines.is_empty() { None } else { Some(lines.join(&b", "[..]).into()) }
}
