//! How a rule changes cache keys: parameters of the query left out or sorted, headers and cookies added.
//!
//! By RFC 9111 section 4 the key is at least the target URI; leaving parts of it out is the operator's word that they do
//! not change the response. The request is forwarded as it was received. What is added says its own length, so that no
//! value that a client sends can look like another value, or like a header that it did not send.

use std::borrow::Cow;
use std::fmt::Write as _;

use http::header::COOKIE;
use http::{HeaderMap, HeaderName};
use selvedge_model::cookie;
use selvedge_model::manifest::{IgnoreQuery, KeyChange};
use selvedge_model::pattern::TextPattern;
use selvedge_model::query::{Parameter, parameters};

use crate::normal::normal_form;
use crate::vary::joined;

/// How keys differ from host, path and query; by default not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyRules {
    /// The parameters that are left out.
    pub ignore_query: IgnoreQuery,
    /// Whether parameters are sorted by name; those of one name keep their order, which may mean something.
    pub sort_query: bool,
    /// The request headers whose values are added.
    pub add_headers: Vec<HeaderName>,
    /// The cookies whose values are added.
    pub add_cookies: Vec<String>,
}

impl KeyRules {
    /// The rules that a manifest asks for. Its names are checked, so none of them is lost here.
    #[must_use]
    pub fn of(change: &KeyChange) -> Self {
        let names = change.add_headers.iter().map(|name| HeaderName::from_bytes(name.as_bytes()));
        Self {
            ignore_query: change.ignore_query.clone(),
            sort_query: change.sort_query,
            add_headers: names.filter_map(Result::ok).collect(),
            add_cookies: change.add_cookies.clone(),
        }
    }

    /// Path and query as they are to stand in the key. A query of which nothing is left goes with its question mark.
    #[must_use]
    pub fn target<'t>(&self, path_and_query: &'t str) -> Cow<'t, str> {
        let Some((path, query)) = path_and_query.split_once('?') else {
            return Cow::Borrowed(path_and_query);
        };
        match &self.ignore_query {
            IgnoreQuery::Nothing if !self.sort_query => Cow::Borrowed(path_and_query),
            IgnoreQuery::Nothing => self.rebuilt(path, query, &[]),
            IgnoreQuery::All => Cow::Borrowed(path),
            IgnoreQuery::Named(ignored) => self.rebuilt(path, query, ignored),
        }
    }

    /// The values of headers and cookies that are to stand in the key, as text that is empty where no rule adds any:
    /// ` header 6:accept 9:text/html`, with the length before each text and `-` for what the request does not have.
    #[must_use]
    pub fn additions(&self, request_headers: &HeaderMap) -> String {
        let mut out = String::new();
        for name in &self.add_headers {
            out.push_str(" header");
            push(&mut out, name.as_str().as_bytes());
            push_all(&mut out, header(request_headers, name).as_deref());
        }
        for name in &self.add_cookies {
            let lines = request_headers.get_all(COOKIE).iter().map(|line| line.as_bytes());
            out.push_str(" cookie");
            push(&mut out, name.as_bytes());
            push_all(&mut out, cookie::values(lines, name));
        }
        out
    }

    /// A parameter is known by its decoded name, but stands in the key as it was received: two ways to write a value
    /// may be two values to the origin.
    fn rebuilt<'t>(&self, path: &'t str, query: &'t str, ignored: &[TextPattern]) -> Cow<'t, str> {
        let stays = |parameter: &Parameter<'_>| {
            let name = parameter.name();
            !ignored.iter().any(|pattern| pattern.matches(&name))
        };
        let mut kept: Vec<Parameter<'_>> = parameters(query).filter(stays).collect();
        if self.sort_query {
            kept.sort_by_cached_key(|parameter| parameter.name());
        }
        if kept.is_empty() {
            return Cow::Borrowed(path);
        }
        let texts: Vec<&str> = kept.into_iter().map(Parameter::as_received).collect();
        Cow::Owned([path, "?", &texts.join("&")].concat())
    }
}

/// The value of a header in the form in which variants are compared.
fn header(request_headers: &HeaderMap, name: &HeaderName) -> Option<Box<[u8]>> {
    let value = joined(request_headers, name)?;
    Some(normal_form(name, &value).unwrap_or(value))
}

fn push_all<'v>(out: &mut String, values: impl IntoIterator<Item = &'v [u8]>) {
    let before = out.len();
    values.into_iter().for_each(|value| push(out, value));
    if out.len() == before {
        out.push_str(" -");
    }
}

/// One text with its length. What is not visible ASCII is escaped, and so is the percent sign that escapes.
fn push(out: &mut String, text: &[u8]) {
    // Writing to a string cannot fail.
    let _ = write!(out, " {}:", text.len());
    for byte in text {
        let _ = match byte {
            b'%' | ..=b' ' | 0x7F.. => write!(out, "%{byte:02X}"),
            _ => out.write_char(char::from(*byte)),
        };
    }
}

#[cfg(test)]
mod tests;
