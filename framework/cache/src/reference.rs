//! A URI reference, taken apart and resolved against the path that was asked for (RFC 3986 sections 4.2 and 5.2).
//!
//! Knows `http` and `https` only, which always have an authority. Fragments are dropped: they never reach a server.

/// The parts of a reference that lead to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    /// `http` or `https` in any case.
    pub(crate) scheme: Option<&'a str>,
    /// Host and port, perhaps with a user name before them.
    pub(crate) authority: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> Reference<'a> {
    /// Takes a reference apart; `None` when its scheme is another one or it has no authority after its scheme.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let text = text.split_once('#').map_or(text, |(before, _)| before);
        let (scheme, rest) = split_scheme(text);
        let (authority, rest) = split_authority(rest);
        if scheme.is_some() && (authority.is_none() || !is_http(scheme)) {
            return None;
        }
        let (path, query) = split_query(rest);
        Some(Self { scheme, authority, path, query })
    }
}

/// Path and query that a reference leads to from `target`, the path and query of the request.
pub(crate) fn resolve(reference: &Reference<'_>, target: &str) -> String {
    let (base, base_query) = split_query(target);
    let Reference { authority, path, query, .. } = *reference;
    if path.is_empty() && authority.is_none() {
        return with_query(base, query.or(base_query));
    }
    let full = match path.starts_with('/') || authority.is_some() {
        true => without_dots(path),
        false => without_dots(&[folder(base), path].concat()),
    };
    with_query(&full, query)
}

fn split_scheme(text: &str) -> (Option<&str>, &str) {
    match text.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
        _ => (None, text),
    }
}

/// RFC 3986 section 3.1. What is none, such as `./a:b`, is a path.
fn is_scheme(text: &str) -> bool {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic());
    starts_well && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
}

fn is_http(scheme: Option<&str>) -> bool {
    scheme.is_some_and(|s| s.eq_ignore_ascii_case("http") || s.eq_ignore_ascii_case("https"))
}

fn split_authority(text: &str) -> (Option<&str>, &str) {
    let Some(rest) = text.strip_prefix("//") else { return (None, text) };
    let (authority, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    (Some(authority), rest)
}

fn split_query(text: &str) -> (&str, Option<&str>) {
    text.split_once('?').map_or((text, None), |(path, query)| (path, Some(query)))
}

fn with_query(path: &str, query: Option<&str>) -> String {
    match query {
        Some(query) => [path, "?", query].concat(),
        None => path.to_owned(),
    }
}

/// Everything up to the last slash (RFC 3986 section 5.2.3).
fn folder(path: &str) -> &str {
    path.rfind('/').map_or("/", |at| &path[..=at])
}

/// Removes dot segments (RFC 3986 section 5.2.4); an empty path is `/`. Empty segments are segments.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.strip_prefix('/').unwrap_or(path).split('/') {
        match segment {
            "." => {}
            ".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
    }
    let is_folder = matches!(path.rsplit('/').next(), Some("." | ".."));
    let slash = if is_folder && !kept.is_empty() { "/" } else { "" };
    ["/", &kept.join("/"), slash].concat()
}
