//! What an include asks for: its `src` against the URL of the page that it stands in (RFC 3986 section 5.2).

use std::fmt::Write as _;

/// Where a fragment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The host, with its port where there is one, if the page's is not meant.
    pub host: Option<String>,
    /// Its path and query. What cannot stand there as it is has been percent-encoded.
    pub target: String,
}

/// Why a `src` leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadAddress {
    /// A scheme other than `http` and `https`.
    Scheme,
    /// No host where one should be, or a user in front of it.
    Host,
}

impl BadAddress {
    /// The words in logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheme => "its scheme is neither `http` nor `https`",
            Self::Host => "it has no usable host",
        }
    }
}

/// Finds what `src` asks for in a page with this path and query. A fragment identifier is left out.
///
/// # Errors
/// Where it leads nowhere.
pub fn resolve(src: &str, page: &str) -> Result<Address, BadAddress> {
    let src = src.split('#').next().unwrap_or_default();
    let behind = match scheme(src) {
        None => src.strip_prefix("//"),
        Some(("http" | "https", rest)) => Some(rest.strip_prefix("//").ok_or(BadAddress::Host)?),
        Some(_) => return Err(BadAddress::Scheme),
    };
    match behind {
        Some(behind) => absolute(behind),
        None => Ok(Address { host: None, target: relative(src, page) }),
    }
}

/// The scheme in lower case, if there is one, and what follows it.
fn scheme(src: &str) -> Option<(&'static str, &str)> {
    let (name, rest) = src.split_once(':')?;
    let is_scheme = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let known = ["http", "https"].into_iter().find(|known| name.eq_ignore_ascii_case(known));
    is_scheme.then_some((known.unwrap_or_default(), rest))
}

/// From the host on.
fn absolute(text: &str) -> Result<Address, BadAddress> {
    let (host, target) = text.split_at(text.find(['/', '?']).unwrap_or(text.len()));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%:[]".contains(&byte);
    if host.is_empty() || host.starts_with(':') || !host.bytes().all(plain) {
        return Err(BadAddress::Host);
    }
    let (path, query) = halves(target);
    // A final dot is no part of a host.
    let host = host.strip_suffix('.').unwrap_or(host);
    Ok(Address { host: Some(host.to_ascii_lowercase()), target: target_of(path, query) })
}

fn relative(src: &str, page: &str) -> String {
    let (page_path, page_query) = halves(page);
    let (path, query) = halves(src);
    if path.is_empty() {
        return target_of(page_path, query.or(page_query));
    }
    if path.starts_with('/') {
        return target_of(path, query);
    }
    let folder = page_path.rfind('/').map_or("/", |last| &page_path[..=last]);
    target_of(&format!("{folder}{path}"), query)
}

fn halves(target: &str) -> (&str, Option<&str>) {
    target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)))
}

fn target_of(path: &str, query: Option<&str>) -> String {
    let mut target = String::with_capacity(path.len() + 1);
    push_encoded(&mut target, &without_dots(path));
    if let Some(query) = query {
        target.push('?');
        push_encoded(&mut target, query);
    }
    target
}

/// Dot segments are followed (section 5.2.4); the path begins with a slash.
fn without_dots(path: &str) -> String {
    let path = path.strip_prefix('/').unwrap_or(path);
    let mut kept: Vec<&str> = Vec::new();
    let mut is_folder = false;
    for segment in path.split('/') {
        is_folder = matches!(segment, "." | "..");
        match segment {
            "." => {}
            ".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
    }
    let mut whole = String::with_capacity(path.len() + 2);
    kept.iter().for_each(|segment| whole.extend(["/", segment]));
    if is_folder || whole.is_empty() {
        whole.push('/');
    }
    whole
}

/// What no URL may have as it is, is encoded; a percent sign is taken for the beginning of what is encoded already.
fn push_encoded(target: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            true => target.push(char::from(byte)),
            // Writing to a string cannot fail.
            false => drop(write!(target, "%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests;
